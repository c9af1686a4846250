package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an agent that was killed has granted holds, can be extended, and goes on to follow the host. */
@SystemTest
final class AdoptGrantsIT {

    private static final String ECHO = "org.example.Echo /org/example/Echo org.example.Echo ";
    private static final String CALL = DbusHost.CALL;
    private static DbusHost host;
    private static LoopDevice loop;
    private static GreetingServer server;

    @BeforeAll
    static void writeManifest(LiveAgent agent) throws IOException {
        loop = LoopDevice.plug();
        server = new GreetingServer(agent.directory().resolve("sound"));
        Files.writeString(
                agent.manifests().resolve("adopt.json"),
                """
                {"capabilities": [
                  {"name": "adopt.loop", "gateways": [
                    {"id": "devicenode", "config": [{"name": "%1$s", "mode": 666}]}]},
                  {"name": "adopt.sound", "gateways": [{"id": "pulseaudio", "config": [{"audio": true}]}]},
                  {"name": "adopt.small", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "pids.max", "value": "50"}]}]},
                  {"name": "adopt.larger", "gateways": [{"id": "cgroups", "config": [
                    {"setting": "pids.max", "value": "70"}]}]}
                ]}
                """
                        .formatted(loop.path()));
        agent.configure("pulse-socket", server.socket().toString());
        host = new DbusHost(agent);
    }

    @AfterAll
    static void stop() {
        host.close();
        server.close();
        loop.close();
    }

    @Test
    void givesNewProcessesWhatWasGrantedAndGrantsMore(AgentClient client, LiveAgent agent) {
        int id = client.create();
        client.setCapabilities(id, TestManifests.GREETING, "adopt.small");

        try (AgentClient next = adopt(agent)) {
            assertThat(next.shell(id, "echo $GREETING $DEFAULT; cat /gateways/data/file.txt"))
                    .isEqualTo("hello yes\nfrom the host");
            assertThat(limit(agent, id)).isEqualTo("50");

            next.setCapabilities(id, TestManifests.GREETING_JOINED, TestManifests.WRITABLE, "adopt.larger");

            assertThat(next.shell(id, "echo $GREETING; . /gateways/env; echo $GREETING; ls /opt/data"))
                    .isEqualTo("oh hello, world\noh hello, world\nfile.txt");
            assertThat(next.shell(id, "touch /gateways/data/x 2>&1 || true")).contains("Read-only");
            assertThat(limit(agent, id)).isEqualTo("70");
        }
    }

    @Test
    void followsDevicesThatWentMeanwhileAndComeBack(AgentClient client, LiveAgent agent) {
        int id = client.create();
        client.setCapabilities(id, "adopt.loop");
        Execution open = client.execute(id, "/bin/sh -c 'mkdir /tmp/kept; cp -a " + loop.path() + " /tmp/kept/'");
        assertThat(open.status())
                .as("root of a confined container makes no nodes")
                .isNotZero();
        agent.crash();
        loop.unplug();

        agent.restart(Recovery.ADOPT);
        try (AgentClient next = agent.connect()) {
            assertThat(next.shell(id, "test -e " + loop.path() + " || echo gone"))
                    .isEqualTo("gone");

            loop.plugAgain();

            Deadlines.await(() -> next.shell(id, stat()).equals(loop.numbers() + " 666"));
            assertThat(next.shell(id, ": < " + loop.path() + " && echo opened")).isEqualTo("opened");
        } finally {
            loop.close();
            loop.plugAgain();
        }
    }

    @Test
    void followsServersThatWereRestartedMeanwhileAndLater(AgentClient client, LiveAgent agent) {
        int id = client.create();
        client.setCapabilities(id, "adopt.sound");
        assertThat(greeting(client, id)).isEqualTo("greeting 1");
        agent.crash();
        server.restart();

        agent.restart(Recovery.ADOPT);
        try (AgentClient next = agent.connect()) {
            assertThat(greeting(next, id)).isEqualTo("greeting 2");

            server.restart();

            Deadlines.await(() -> greeting(next, id).equals("greeting 3"));
        }
    }

    @Test
    void keepsClientsOnTheBusAndTheirRules(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");
        Execution calling = host.start(client, id, "call_for_ever");
        Deadlines.await(() -> calling.output().contains("."));
        HostProcess filter = host.filter();

        try (AgentClient next = adopt(agent)) {
            int soFar = calling.output().length();
            Deadlines.await(() -> calling.output().length() > soFar + 20);
            assertThat(calling.output()).doesNotContain("reconnects");
            assertThat(host.filter()).isEqualTo(filter);
            assertThat(next.shell(id, CALL + ECHO + "Secret s hello 2>&1 || true"))
                    .containsIgnoringCase("denied");

            next.setCapabilities(id, "dbus.secret");

            assertThat(next.shell(id, CALL + ECHO + "Secret s hello")).isEqualTo("s \"secret hello\"");
        }
    }

    @Test
    void opensTheBusAnewIfTheFilterIsGoneToo(AgentClient client, LiveAgent agent) {
        int id = host.granted(client, "dbus.echo");
        agent.crash();
        HostProcess filter = host.filter();
        filter.kill();
        filter.awaitEnd();

        agent.restart(Recovery.ADOPT);

        try (AgentClient next = agent.connect()) {
            assertThat(next.shell(id, CALL + ECHO + "Echo s hello")).isEqualTo("s \"hello\"");
            assertThat(next.shell(id, CALL + ECHO + "Secret s hello 2>&1 || true"))
                    .containsIgnoringCase("denied");
        }
    }

    /** LXC knows which control group it is. */
    private static String limit(LiveAgent agent, int id) {
        return Programs.run("lxc-cgroup", "-P", agent.lxcPath().toString(), "-n", "SC-" + id, "pids.max")
                .trim();
    }

    private static String greeting(AgentClient client, int id) {
        return client.shell(
                id,
                "python3 -c \"import socket; s = socket.socket(socket.AF_UNIX); s.connect('/gateways/pulse_socket');"
                        + " print(s.recv(99).decode())\" 2>/dev/null || true");
    }

    private static String stat() {
        return "stat -c '%t:%T %a' " + loop.path() + " 2>/dev/null || true";
    }

    private static AgentClient adopt(LiveAgent agent) {
        agent.crash();
        agent.restart(Recovery.ADOPT);
        return agent.connect();
    }

    /** Says which one it is; each time that it is started it makes its socket anew. */
    private static final class GreetingServer implements AutoCloseable {

        private final Path socket;
        private Process process;
        private int number;

        GreetingServer(Path socket) {
            this.socket = socket;
            restart();
        }

        Path socket() {
            return socket;
        }

        void restart() {
            close();
            number++;
            String script = "import os, socket; s = socket.socket(socket.AF_UNIX); os.path.exists('%1$s') and"
                    + " os.unlink('%1$s'); s.bind('%1$s'); os.chmod('%1$s', 0o666); s.listen(); print('ready', flush=True)\n"
                    + "while True: c, a = s.accept(); c.send(b'greeting %2$d'); c.close()";
            try {
                process = new ProcessBuilder("python3", "-c", script.formatted(socket, number)).start();
                assertThat(process.inputReader().readLine()).isEqualTo("ready");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            if (process != null) {
                process.destroyForcibly();
                Deadlines.get(process.onExit());
            }
        }
    }
}
