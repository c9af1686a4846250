package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.agent.Caller;
import com.pelagicore.softwarecontainer.agent.Permission;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.bus.BusLimits;
import com.pelagicore.softwarecontainer.bus.BusRequest;
import com.pelagicore.softwarecontainer.bus.FakeBus;
import com.pelagicore.softwarecontainer.bus.FakeBus.Other;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.freedesktop.dbus.types.UInt32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of polkit's answers; attack A2 of docs/security.md. */
class PolkitTest {

    private static final String BUS = "org.freedesktop.DBus";
    private static final String POLKIT = ":1.3";
    private static final Caller EVE = new Caller(":1.9", 1001, Set.of());
    private static final Object[] YES = {true, false, Map.of()};

    private final FakeBus bus = new FakeBus();
    private BusConnection connection;
    private Polkit polkit;

    @BeforeEach
    void connect() {
        bus.others.put("StartServiceByName", new Other(BUS, "u", new UInt32(2)));
        bus.others.put("GetNameOwner", new Other(BUS, "s", POLKIT));
        bus.others.put("NameHasOwner", new Other(BUS, "b", true));
        connection = BusConnection.connect(bus, BusLimits.STANDARD, reason -> {});
        connection.start();
        polkit = new Polkit(connection);
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void asksAboutTheConnectionAndNotAboutAProcess() throws Exception {
        says(POLKIT, "(bba{ss})", YES);

        assertThat(grants(EVE, Permission.MANAGE_OTHERS)).isTrue();

        assertThat(List.copyOf(bus.asked)).anySatisfy(question -> assertThat(question)
                .startsWith("CheckAuthorization[[system-bus-name, ")
                .contains(":1.9", "com.pelagicore.SoftwareContainer.manage-others"));
    }

    @Test
    void aChallengeIsNo() throws Exception {
        says(POLKIT, "(bba{ss})", new Object[] {false, true, Map.of()});

        assertThat(grants(EVE, Permission.LIST)).isFalse();
    }

    @Test
    void anAnswerOfAnotherTypeIsNo() throws Exception {
        says(POLKIT, "u", new UInt32(1));

        assertThat(grants(EVE, Permission.LIST)).isFalse();
    }

    @Test
    void aCallerWhoIsGoneGetsNothing() throws Exception {
        bus.others.put("NameHasOwner", new Other(BUS, "b", false));
        says(POLKIT, "(bba{ss})", YES);

        assertThat(grants(EVE, Permission.LIST)).isFalse();
    }

    @Test
    void anAnswerOfSomebodyElseIsNone() throws Exception {
        says(":1.66", "(bba{ss})", YES);

        CompletableFuture<Boolean> answer = polkit.grants(EVE, Permission.LIST);
        while (!bus.asked.take().startsWith("CheckAuthorization")) {
            assertThat(answer).isNotDone();
        }
        connection
                .call(BusRequest.ofBus("NameHasOwner", "s", "what comes after it"), Duration.ofSeconds(10))
                .get(10, TimeUnit.SECONDS);

        assertThat(answer).isNotDone();
    }

    @Test
    void aRunningPolkitIsNotStarted() throws Exception {
        says(POLKIT, "(bba{ss})", YES);

        grants(EVE, Permission.LIST);

        assertThat(List.copyOf(bus.asked)).noneMatch(question -> question.startsWith("StartServiceByName"));
    }

    @Test
    void oneUserCannotAskWithoutEnd() {
        bus.others.put("CheckAuthorization", new Other(POLKIT, "", 0));
        List<CompletableFuture<Boolean>> open = IntStream.range(0, 8)
                .mapToObj(i -> polkit.grants(EVE, Permission.LIST))
                .toList();

        assertThat(polkit.grants(EVE, Permission.LIST)).isCompletedWithValue(false);
        assertThat(open).noneMatch(CompletableFuture::isDone);
        assertThat(polkit.grants(new Caller(":1.8", 1002, Set.of()), Permission.LIST))
                .isNotDone();
    }

    private void says(String sender, String signature, Object value) {
        bus.others.put("CheckAuthorization", new Other(sender, signature, value));
    }

    private boolean grants(Caller caller, Permission permission) throws Exception {
        return polkit.grants(caller, permission).get(10, TimeUnit.SECONDS);
    }
}
