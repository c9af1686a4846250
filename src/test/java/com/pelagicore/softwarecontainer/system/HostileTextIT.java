package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that would be more than texts for a shell, a tool or a loader: attacks A15, A16, A40 and A47 of docs/security.md. */
@SystemTest
final class HostileTextIT {

    private int id;

    @BeforeAll
    static void plantCommands(LiveAgent agent) throws IOException {
        Files.writeString(
                agent.manifests().resolve("hostile.json"),
                """
                {"capabilities": [
                  {"name": "$(touch DIR/planted)", "gateways": [
                    {"id": "env", "config": [{"name": "PLAIN", "value": "$(touch DIR/planted) `touch DIR/planted`; touch DIR/planted"}]},
                    {"id": "file", "config": [{"path-host": "DIR/data", "path-container": "/opt/$(touch DIR/planted),rw", "read-only": true}]}]},
                  {"name": "hostile.missing", "gateways": [
                    {"id": "file", "config": [{"path-host": "DIR/data;touch DIR/planted", "path-container": "/opt/x", "read-only": true}]}]},
                  {"name": "hostile.network", "gateways": [
                    {"id": "network", "config": [{"internet-access": true, "gateway": "10.0.3.1",
                      "allow": [{"direction": "OUTGOING", "host": "1.1.1.1; touch DIR/planted", "protocols": ["tcp"], "ports": "80"}]}]}]},
                  {"name": "hostile.cgroup", "gateways": [
                    {"id": "cgroups", "config": [{"setting": "../../../../../../DIR/planted", "value": "1"}]}]},
                  {"name": "hostile.device", "gateways": [
                    {"id": "devicenode", "config": [{"name": "/dev/null;touch DIR/planted", "mode": 666}]}]}
                ]}
                """
                        .replace("DIR", agent.directory().toString()));
        agent.stop();
        agent.start();
    }

    @BeforeEach
    void create(AgentClient client) {
        id = client.create();
    }

    @Test
    void nothingInAManifestIsRun(AgentClient client, LiveAgent agent) {
        String planted = agent.directory().resolve("planted").toString();
        client.setCapabilities(id, "$(touch " + planted + ")");

        assertThat(client.shell(id, "echo \"$PLAIN\"; cat '/opt/$(touch " + planted + "),rw/file.txt'"))
                .isEqualTo("$(touch X) `touch X`; touch X\nfrom the host".replace("X", planted));
        assertThat(client.shell(id, "echo x 2>&1 > '/opt/$(touch " + planted + "),rw/new' || echo refused"))
                .endsWith("refused");
        for (String name : new String[] {"missing", "network", "cgroup", "device"}) {
            assertRefused(() -> client.setCapabilities(id, "hostile." + name)).isNotBlank();
        }
        assertThat(Path.of(planted)).doesNotExist();
    }

    /** What a shell, mount(8), lxc.conf(5) or an option parser would not take literally. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-rf",
                "--help",
                "a b",
                "a,upperdir=etc,rw",
                "a:b",
                "a\\040b",
                "$(reboot)",
                "`reboot`",
                "a;b",
                "a|b",
                "a'b",
                "a\"b",
                "ä\u202eö",
                "a\nb",
                "a\tb",
                "*",
                "~",
                "%s%n",
                "#",
                "a=b",
                "lxc.hook.start=reboot",
                "...",
                "SC-0"
            })
    void namesOfFilesAreNamesOnly(String name, AgentClient client, LiveAgent agent) throws IOException {
        Path directory = Files.createDirectories(
                agent.directory().resolve("data/hostile").resolve(name));
        Files.writeString(directory.resolve("file"), "the right one\n");

        client.bindMount(id, directory, "/opt/" + name, true);

        assertThat(client.shell(id, "cat \"/opt/$NAME/file\"; ls /opt", Map.of("NAME", name)))
                .startsWith("the right one");
        Execution inside = client.execute(id, "/bin/cat file", "/opt/" + name, Map.of());
        assertThat(inside.status()).isZero();
        assertThat(inside.output()).isEqualTo("the right one\n");
        Path output = agent.directory().resolve("outputs").resolve(name);
        assertThat(client.execute(id, "/bin/echo out", "/", output, Map.of()).status())
                .isZero();
        assertThat(output).hasContent("out");
        client.destroy(id);
        Trees.delete(agent.directory().resolve("data/hostile"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/opt/../../../../x", "/opt/./../..//../etc/x", "/../opt/x"})
    void pathsInTheContainerStayThere(String path, AgentClient client, LiveAgent agent) {
        try {
            client.bindMount(id, agent.data(), path, true);
        } catch (BusError refused) {
            assertThat(refused.getMessage()).contains(path);
        }
        client.destroy(id);
    }

    /** For the loader of the agent, of init, or of its helpers, were they started with it. */
    @Test
    void variablesReachTheProgramAndNothingElse(AgentClient client, LiveAgent agent) {
        Path marker = agent.directory().resolve("planted");
        Map<String, String> tricks = Map.of(
                "LD_PRELOAD", "/no/such.so",
                "LD_AUDIT", "/no/such.so",
                "JAVA_TOOL_OPTIONS", "-XX:OnError=reboot",
                "DBUS_SYSTEM_BUS_ADDRESS", "unixexec:path=/bin/touch,argv1=" + marker,
                "BASH_ENV", "$(touch " + marker + ")",
                "IFS", "x",
                "MULTI", "line one\nline=two\n",
                "EMPTY", "");

        Execution run = client.execute(id, "/bin/env", "/", tricks);

        assertThat(run.status()).isZero();
        assertThat(run.output()).contains("LD_PRELOAD=/no/such.so", "MULTI=line one\nline=two\n", "EMPTY=\n");
        assertThat(new HostProcess(agent.pid()).environment()).doesNotContainKeys("LD_PRELOAD", "JAVA_TOOL_OPTIONS");
        assertThat(marker).doesNotExist();
        assertThat(client.shell(id, "echo ${LD_PRELOAD:-none}")).isEqualTo("none");
    }

    @Test
    void environmentsThatAreTooLargeAreErrors(AgentClient client) {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            many.put("VARIABLE_" + i, "x");
        }
        for (Map<String, String> each :
                List.of(Map.of("LARGE", "x".repeat(130_000)), Map.of("LARGE", "x".repeat(900_000)), many)) {
            assertEndsSomehow(client, each);
        }
        assertThat(client.shell(id, "echo well")).isEqualTo("well");
    }

    /** Either it runs, if the kernel takes so much, or somebody says why not. */
    private void assertEndsSomehow(AgentClient client, Map<String, String> environment) {
        try {
            Execution run = client.execute(id, "/bin/true", "/", environment);
            assertThat(run.status() >> 8).isIn(0, 126);
        } catch (BusError refused) {
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(2_000);
        }
    }
}
