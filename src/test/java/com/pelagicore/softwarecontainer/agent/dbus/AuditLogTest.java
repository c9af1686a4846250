package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.LoggedLines;
import com.pelagicore.softwarecontainer.agent.Caller;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AuditLogTest {

    private static final Caller BOB = new Caller(":1.7", 1000, Set.of());
    private static final Caller EVE = new Caller(":1.8", 1001, Set.of());

    @RegisterExtension
    private final LoggedLines lines = new LoggedLines(AuditLog.class);

    private long now;
    private final AuditLog audit = new AuditLog(() -> now);

    @Test
    void saysWhoDidWhat() {
        audit.done(BOB, "Execute");

        assertThat(lines.all()).containsExactly("INFO Execute by user 1000 (:1.7)");
    }

    @Test
    void deedsOfOneUserHideNobodyElsesAndAreCounted() {
        for (int i = 0; i < 1000; i++) {
            audit.done(BOB, "SetCapabilities");
        }
        audit.done(EVE, "Create");
        now += Duration.ofSeconds(10).toNanos();
        audit.done(BOB, "Destroy");

        assertThat(lines.all())
                .hasSize(42)
                .endsWith("INFO Create by user 1001 (:1.8)", "INFO Destroy by user 1000 (:1.7), 960 more before");
    }

    @Test
    void saysAllThatRootDoes() {
        for (int i = 0; i < 1000; i++) {
            audit.done(new Caller(":1.9", 0, Set.of()), "Execute");
        }

        assertThat(lines.all()).hasSize(1000);
    }

    @Test
    void saysWhoWasDeniedWhatAndWhy() {
        audit.denied(BOB, "Execute", "user 1000 may not use containers");

        assertThat(lines.all()).containsExactly("WARNING Execute denied to :1.7: user 1000 may not use containers");
    }

    @Test
    void isNotFilledByOneUserAndHidesNobodyElse() {
        for (int i = 0; i < 1000; i++) {
            audit.denied(BOB, "List", "no");
        }
        audit.denied(EVE, "Create", "no");

        assertThat(lines.all()).hasSize(6).last().isEqualTo("WARNING Create denied to :1.8: no");
    }

    @Test
    void countsWhatItDidNotSay() {
        for (int i = 0; i < 12; i++) {
            audit.denied(BOB, "List", "no");
        }
        now += Duration.ofSeconds(10).toNanos();
        audit.denied(BOB, "Create", "no");
        audit.denied(BOB, "Create", "no");

        assertThat(lines.all())
                .hasSize(7)
                .endsWith(
                        "WARNING Create denied to :1.7: no, 7 more denials before",
                        "WARNING Create denied to :1.7: no");
    }

    @Test
    void writesNoLineOfACallers() {
        audit.denied(BOB, "BindMount", "user 1000 may not mount 'x\nWARNING forged'");

        assertThat(lines.all()).hasSize(1).first().asString().doesNotContain("\n");
    }
}
