package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users who are not root, on the bus: who may do what. Attacks A1, A3 and A4 of docs/security.md. */
@SystemTest
final class AccessIT {

    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";

    private OtherUser bob;
    private OtherUser eve;
    private AgentClient ofBob;
    private AgentClient ofEve;

    /** Bob is in the access group, eve is not. */
    @BeforeEach
    void connect(LiveAgent agent) {
        bob = OtherUser.member(agent, OtherUser.BOB);
        eve = OtherUser.stranger(agent, OtherUser.EVE);
        ofBob = bob.connect();
        ofEve = eve.connect();
    }

    @AfterEach
    void disconnect() {
        ofBob.close();
        ofEve.close();
        bob.close();
        eve.close();
    }

    @Test
    void aStrangerIsDeniedEveryMethod(AgentClient root, LiveAgent agent) {
        int id = root.create();
        HostSnapshot before = HostSnapshot.take(agent.directory());

        assertRefused(DENIED, ofEve::list).isEqualTo("user 9 may not list containers and capabilities");
        assertRefused(DENIED, ofEve::capabilities).isNotBlank();
        assertRefused(DENIED, ofEve::create).isEqualTo("user 9 may not create containers");
        assertRefused(DENIED, () -> ofEve.execute(id, "/bin/true")).isNotBlank();
        assertRefused(DENIED, () -> ofEve.suspend(id)).isNotBlank();
        assertRefused(DENIED, () -> ofEve.resume(id)).isNotBlank();
        assertRefused(DENIED, () -> ofEve.setCapabilities(id, TestManifests.GREETING))
                .isNotBlank();
        for (String path :
                List.of("/", "/etc/shadow", "/proc/1/root", agent.data().toString())) {
            assertRefused(DENIED, () -> ofEve.bindMount(id, Path.of(path), "/opt/x", false))
                    .isNotBlank();
        }
        assertRefused(DENIED, () -> ofEve.destroy(id)).isEqualTo("user 9 may not use containers of others");

        before.assertRestored();
        assertThat(agent.log())
                .contains("Create denied to " + ofEve.bus().uniqueName() + ": user 9 may not create containers");
    }

    @Test
    void aMemberUsesHisOwnContainer(LiveAgent agent) {
        int id = ofBob.create();

        ofBob.setCapabilities(id, TestManifests.GREETING);
        assertThat(ofBob.shell(id, "echo $GREETING")).isEqualTo("hello");
        ofBob.suspend(id);
        ofBob.resume(id);
        ofBob.destroy(id);

        assertThat(ofBob.list()).isEmpty();
        String who = " by user 8 (" + ofBob.bus().uniqueName() + ")";
        assertThat(agent.log()).contains("SC-" + id + ": Create" + who, "SC-" + id + ": Destroy" + who);
    }

    @Test
    void theLogTellsWhoDidWhatByTheNewerInterface(LiveAgent agent, NewerClient client) {
        String container = client.create();
        client.destroy(container);

        String name = "SC-" + container.substring(container.lastIndexOf('/') + 1);
        assertThat(agent.log()).contains(name + ": Create by user 0 (", name + ": Destroy by user 0 (");
    }

    @Test
    void aMemberSeesContainersOfOthersAndCannotUseThem(AgentClient root) {
        int id = root.create();

        assertThat(ofBob.list()).containsExactly(id);
        assertRefused(DENIED, () -> ofBob.execute(id, "/bin/true"))
                .isEqualTo("user 8 may not use containers of others");
        assertRefused(DENIED, () -> ofBob.suspend(id)).isNotBlank();
        assertRefused(DENIED, () -> ofBob.destroy(id)).isNotBlank();

        assertThat(root.execute(id, "/bin/true").status()).isZero();
    }

    @Test
    void twoMembersCannotUseEachOthersContainers(LiveAgent agent) {
        try (OtherUser carol = OtherUser.member(agent, OtherUser.CAROL);
                AgentClient ofCarol = carol.connect()) {
            int id = ofCarol.create();

            assertRefused(DENIED, () -> ofBob.execute(id, "/bin/true")).isNotBlank();
            assertRefused(DENIED, () -> ofBob.destroy(id)).isNotBlank();
            ofCarol.destroy(id);
        }
    }

    @Test
    void rootUsesEveryContainer(AgentClient root) {
        int id = ofBob.create();

        assertThat(root.execute(id, "/bin/true").status()).isZero();
        root.bindMount(id, Path.of("/usr"), "/opt/usr", true);
        root.destroy(id);
    }

    /** What a container is for its owner does not depend on the connection that made it. */
    @Test
    void theOwnerIsTheUserAndNotTheConnection() {
        int id = ofBob.create();
        ofBob.close();

        ofBob = bob.connect();

        assertThat(ofBob.execute(id, "/bin/true").status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc/shadow", "/proc/1/root", "/proc/self/root", "/dev", "/usr/../etc"})
    void aMemberMountsNothingOfTheHostThatIsNotAllowed(String path) {
        int id = ofBob.create();

        for (boolean readOnly : new boolean[] {true, false}) {
            assertRefused(DENIED, () -> ofBob.bindMount(id, Path.of(path), "/opt/x", readOnly))
                    .isEqualTo("user 8 may not mount this path of the host");
        }

        assertThat(ofBob.shell(id, "ls /opt 2>/dev/null || true")).isEmpty();
    }

    @Test
    void aMemberHasALimitedNumberOfContainers() {
        for (int i = 0; i < 16; i++) {
            ofBob.create();
        }

        assertRefused(ofBob::create).isEqualTo("user 8 has 16 containers already, the limit is 16");
        ofBob.list().forEach(ofBob::destroy);
    }

    /** The process that connected is gone, its number is another process', the connection is still the stranger's. */
    @Test
    void aRecycledPidGivesNobodyTheRightsOfAnother(LiveAgent agent) throws Exception {
        String connectAndHandOver =
                """
                import os, socket, sys, time
                os.chdir(sys.argv[2])
                def tell(name, text):
                    with open(name + '.new', 'w') as f:
                        f.write(text)
                    os.rename(name + '.new', name)
                bus = socket.socket(socket.AF_UNIX)
                bus.connect(sys.argv[1])
                tell('pid', str(os.getpid()))
                if os.fork():
                    os._exit(0)
                while not os.path.exists('recycled'):
                    time.sleep(0.01)
                bus.sendall(b'\\0AUTH EXTERNAL\\r\\nDATA\\r\\nBEGIN\\r\\n')
                def call(serial, path, destination, interface, member):
                    def field(code, sign, text):
                        data = text.encode()
                        return bytes([code, 1]) + sign + b'\\0' + len(data).to_bytes(4, 'little') + data + b'\\0'
                    fields = b''
                    for each in (field(1, b'o', path), field(6, b's', destination), field(2, b's', interface),
                                 field(3, b's', member)):
                        fields += b'\\0' * (-len(fields) % 8) + each
                    header = b'l\\1\\0\\1' + bytes(4) + serial.to_bytes(4, 'little')
                    message = header + len(fields).to_bytes(4, 'little') + fields
                    bus.sendall(message + b'\\0' * (-len(message) % 8))
                call(1, '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'org.freedesktop.DBus', 'Hello')
                name = 'com.pelagicore.SoftwareContainerAgent'
                call(2, '/com/pelagicore/SoftwareContainerAgent', name, name, 'List')
                answer = b''
                while b'AccessDenied' not in answer and b'ai\\0' not in answer:
                    answer += bus.recv(65536)
                tell('answer', 'denied' if b'AccessDenied' in answer else 'listed')
                """;
        String bus = agent.bus().socket().toString();
        eve.run("/usr/bin/python3", "-c", connectAndHandOver, bus, eve.home().toString())
                .waitFor();
        long pid = Long.parseLong(Files.readString(eve.home().resolve("pid")));

        Process recycled = Pids.startWith(pid);
        assertThat(Files.getAttribute(Path.of("/proc/" + recycled.pid()), "unix:uid"))
                .isEqualTo(0);
        Files.createFile(eve.home().resolve("recycled"));

        Path answer = eve.home().resolve("answer");
        Deadlines.await(() -> Files.exists(answer));
        assertThat(answer).hasContent("denied");
        recycled.destroyForcibly().waitFor();
    }

    @Test
    void whoAsksForTheSignalsOfTheAgentGetsNoForgedOnes(AgentClient root, LiveAgent agent) {
        List<Long> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> real = new CompletableFuture<>();
        try (BusClient careful = new BusClient(agent.bus().socket(), signal -> {
            if (!signal.member().equals("ProcessStateChanged")) {
                return;
            }
            heard.add((Long) signal.body().get(1));
            if (signal.body().get(1).equals(4711L)) {
                real.completeExceptionally(new AssertionError("forged"));
            } else {
                real.complete(null);
            }
        })) {
            careful.match("type='signal',sender='" + AgentClient.NAME + "',member='ProcessStateChanged'");
            int id = root.create();

            ofEve.bus().signal(AgentClient.target("ProcessStateChanged"), "iubu", id, 4711L, false, 0L);
            ofEve.bus().call("org.freedesktop.DBus", new BusMessage.Target("/", "org.freedesktop.DBus", "GetId"), "");
            int pid = root.execute(id, "/bin/true").pid();
            Deadlines.get(real);

            assertThat(heard).containsExactly((long) pid);
        }
    }

    @Test
    void anOutputFileIsMadeAndWrittenWithTheRightsOfTheCaller() throws Exception {
        int id = ofBob.create();

        AgentClient.Execution run = ofBob.execute(id, "echo hello");
        run.status();

        assertThat(run.output()).isEqualTo("hello\n");
        Map<String, Object> made = Files.readAttributes(run.outputFile(), "unix:uid,gid,mode");
        assertThat(made)
                .containsEntry("uid", OtherUser.BOB)
                .containsEntry("gid", OtherUser.BOB)
                .containsEntry("mode", 0100644);
    }

    @Test
    void aConnectionThatIsGoneIsForgotten(LiveAgent agent) {
        int descriptors = new HostProcess(agent.pid()).descriptors().size();

        for (int i = 0; i < 50; i++) {
            try (AgentClient client = bob.connect()) {
                client.list();
            }
        }

        Deadlines.await(() -> new HostProcess(agent.pid()).descriptors().size() <= descriptors + 1);
        assertThat(ofBob.list()).isEmpty();
    }
}
