package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With polkit: the real one, and one that is slow, dead or strange. Attack A2 of docs/security.md. */
@SystemTest
final class PolkitIT {

    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";
    private static final Duration PATIENCE_OF_THE_AGENT = Duration.ofSeconds(5);

    private OtherUser eve;
    private AgentClient ofEve;
    private PolkitDaemon polkit;

    /** Eve is not in the access group. */
    @BeforeEach
    void connect(LiveAgent agent) {
        eve = OtherUser.stranger(agent, OtherUser.EVE);
        ofEve = eve.connect();
    }

    @AfterEach
    void disconnect(LiveAgent agent) {
        polkit.close();
        ofEve.close();
        eve.close();
        Trees.delete(agent.directory().resolve("polkit"));
    }

    @Test
    void aRuleOfTheRealPolkitGrantsWhatItSaysAndNoMore(LiveAgent agent, AgentClient root) {
        assumeTrue(Files.isExecutable(PolkitDaemon.PROGRAM), "polkitd is not installed");
        String rules =
                """
                polkit.addRule(function (action, subject) {
                    var granted = ["list", "create", "manage"].map(function (word) {
                        return "com.pelagicore.SoftwareContainer." + word;
                    });
                    if (subject.user == "news" && granted.indexOf(action.id) >= 0) {
                        return polkit.Result.YES;
                    }
                });
                """;
        int ofRoot = root.create();
        polkit = PolkitDaemon.real(agent, rules);
        try (OtherUser carol = OtherUser.stranger(agent, OtherUser.CAROL);
                AgentClient ofCarol = carol.connect()) {
            int id = ofEve.create();

            assertThat(ofEve.list()).containsExactly(ofRoot, id);
            assertThat(ofEve.execute(id, "/bin/true").status()).isZero();
            assertRefused(DENIED, () -> ofEve.execute(ofRoot, "/bin/true"))
                    .isEqualTo("user 9 may not use containers of others");
            assertRefused(DENIED, () -> ofEve.bindMount(id, Path.of("/etc"), "/opt/etc", true))
                    .isEqualTo("user 9 may not mount this path of the host");
            assertRefused(DENIED, ofCarol::list).isNotBlank();
            ofEve.destroy(id);
            assertThat(agent.log()).contains("granted [CREATE]");
        }
        polkit.close();
        assertRefused(DENIED, ofEve::list).isNotBlank();
    }

    @Test
    void whoMayDoItAnywayIsNotAskedAbout(LiveAgent agent, AgentClient root) {
        polkit = PolkitDaemon.strange(agent, -1, "yes");
        try (OtherUser bob = OtherUser.member(agent, OtherUser.BOB);
                AgentClient ofBob = bob.connect()) {
            ofBob.destroy(ofBob.create());
            root.destroy(root.create());
        }
    }

    @Test
    void asksAboutTheConnection(LiveAgent agent) {
        polkit = PolkitDaemon.strange(agent, 0, "yes");
        ofEve.list();

        assertThat(polkit.awaitLine("asked"))
                .isEqualTo("asked system-bus-name com.pelagicore.SoftwareContainer.list 0");
    }

    @Test
    void letsAPersonBeAskedWhereTheCallerWaitsForThat(LiveAgent agent) throws Exception {
        polkit = PolkitDaemon.strange(agent, 0, "yes");
        eve.run(
                        "busctl",
                        "--address=unix:path=" + agent.bus().socket(),
                        "--allow-interactive-authorization=yes",
                        "call",
                        AgentClient.NAME,
                        AgentClient.PATH,
                        AgentClient.NAME,
                        "List")
                .waitFor();

        assertThat(polkit.awaitLine("asked")).endsWith("list 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"challenge", "number", "text"})
    void anyAnswerButYesIsNo(String says, LiveAgent agent) {
        polkit = PolkitDaemon.strange(agent, 0, says);
        assertRefused(DENIED, ofEve::list).isNotBlank();
    }

    @Test
    void aPolkitThatDoesNotAnswerDelaysNobodyElseAndMeansNo(LiveAgent agent, AgentClient root) {
        polkit = PolkitDaemon.strange(agent, -1, "yes");
        long start = System.nanoTime();
        List<CompletableFuture<?>> denied = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            denied.add(ofEve.send("Create", "s", AgentClient.NO_BUFFER));
        }
        polkit.awaitLine("asked");

        int id = root.create();
        assertThat(root.execute(id, "/bin/true").status()).isZero();
        root.destroy(id);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE_OF_THE_AGENT);
        assertThat(denied).noneMatch(CompletableFuture::isDone);
        assertThat(Deadlines.succeeds(denied.get(0))).isFalse();
        assertThat(root.list()).isEmpty();
        polkit.close();
        assertRefused(DENIED, ofEve::list).isNotBlank();
    }

    @Test
    void aPolkitThatDiesWhileItIsAskedMeansNoAtOnce(LiveAgent agent) {
        CompletableFuture<List<Object>> call;
        polkit = PolkitDaemon.strange(agent, -1, "yes");
        call = ofEve.send("List", "");
        polkit.awaitLine("asked");
        polkit.close();

        assertRefused(DENIED, () -> Deadlines.get(call)).isNotBlank();
    }

    /** Polkit says yes whoever is asked about, as one with CVE-2021-3560 would when the caller is gone. */
    @Test
    void aCallerWhoVanishesDuringTheCheckGetsNothing(LiveAgent agent, AgentClient root) {
        int calls = 20;
        List<CompletableFuture<?>> asked = new ArrayList<>();
        polkit = PolkitDaemon.strange(agent, 0.1, "yes");
        for (int i = 0; i < calls; i++) {
            try (AgentClient vanishing = eve.connect()) {
                asked.add(vanishing.send("Create", "s", AgentClient.NO_BUFFER));
                LockSupport.parkNanos(Duration.ofMillis(4L * i).toNanos());
            }
        }

        int id = ofEve.create();

        assertThat(asked).hasSize(calls).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(root.list()).containsExactly(id);
        root.destroy(id);
    }
}
