package com.pelagicore.softwarecontainer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.container.ModelHost;
import com.pelagicore.softwarecontainer.container.RecordingListener;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.environment.EnvironmentGateway;
import com.pelagicore.softwarecontainer.gateway.file.FileGateway;
import com.pelagicore.softwarecontainer.process.HostUser;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.SpawnRequest;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerAgentTest {

    private static final Caller ROOT = new Caller("test", 0, Set.of(0L));

    private static final Path NONE = Path.of("");
    private static final String UNKNOWN_ID = "Invalid Container ID: 9. No container matching that ID exists.";

    @TempDir
    private Path directory;

    private ModelHost host;
    private Path services;
    private Path defaults;
    private Path data;
    private Agent agent;

    @BeforeEach
    void makeAgent() throws IOException {
        host = new ModelHost(directory);
        data = Files.createDirectory(directory.resolve("data"));
        services = Files.writeString(
                directory.resolve("services.json"),
                """
                {"capabilities": [
                  {"name": "b", "gateways": [{"id": "env", "config": [{"name": "B", "value": "1"}]}]},
                  {"name": "a", "gateways": [{"id": "file", "config": [
                      {"path-host": "%s", "path-container": "/data"}]}]},
                  {"name": "missing", "gateways": [{"id": "file", "config": [
                      {"path-host": "%s/missing", "path-container": "/missing"}]}]},
                  {"name": "broken", "gateways": [{"id": "env", "config": [{"value": "1"}]}]},
                  {"name": "network", "gateways": [{"id": "dbus", "config": [{}]}]}]}
                """
                        .formatted(data, data));
        defaults = Files.writeString(
                directory.resolve("defaults.json"),
                """
                {"capabilities": [
                  {"name": "d", "gateways": [{"id": "env", "config": [{"name": "DEFAULT", "value": "1"}]}]}]}
                """);
        agent = agent(services, defaults);
        agent.create("[]");
    }

    private Agent agent(Path serviceManifests, Path defaultManifests) {
        Containers containers = new Containers(host.containerHost(), new RecordingListener());
        Access access = new Access(containers, OptionalLong.empty(), HostPaths.NONE, Authority.NONE);
        return new ContainerAgents(
                        containers,
                        Catalogue.load(serviceManifests, defaultManifests),
                        new GatewayCompiler(
                                List.of(new EnvironmentGateway(), new FileGateway()),
                                ContainerAgentTest.class.getClassLoader(),
                                new HostFacts(Map.of())),
                        access)
                .of(ROOT);
    }

    @Test
    void listsContainersAndCapabilities() {
        agent.create("[{\"writeBufferEnabled\": true}]");

        assertThat(agent.list()).containsExactly(new ContainerId(0), new ContainerId(1));
        assertThat(agent.capabilities()).containsExactly("a", "b", "broken", "missing", "network");
    }

    @Test
    void makesNothingOfABrokenConfiguration() {
        assertThat(refusal(() -> agent.create(""))).hasMessage("Empty JSON config strings are not supported.");
        assertThat(refusal(() -> agent.create("{}"))).hasMessage("Root JSON element is not an array");
        assertThat(agent.list()).hasSize(1);
    }

    @Test
    void grantsTheDefaultsOnceBeforeTheFirstProcess() {
        host.calls.reset();

        execute("one", "", "");
        execute("two", "", "");

        assertThat(host.calls.made()).containsExactly("writeFile /gateways/env", "spawn", "spawn");
        assertThat(spawned(0).environment()).containsEntry("DEFAULT", "1");
        assertThat(spawned(1).environment()).containsEntry("DEFAULT", "1");
    }

    @Test
    void grantsNoDefaultsOfTheirOwnWhereCapabilitiesWereGranted() {
        agent.setCapabilities(0, List.of("b", "a", "b"));
        host.calls.reset();

        execute("app", "", "");

        assertThat(host.calls.made()).containsExactly("spawn");
        assertThat(spawned(0).environment()).containsEntry("DEFAULT", "1").containsEntry("B", "1");
        assertThat(host.containerMounts.mounted()).hasSize(1);
    }

    @Test
    void saysThatTheDefaultsCouldNotBeSetAndWhyAndStartsNothing() {
        agent = agent(NONE, services);
        int id = agent.create("[]").value();

        assertThat(refusal(() -> agent.execute(id, "app", "", "", Map.of())))
                .hasMessageStartingWith("Could not set default capabilities on container SC-" + id
                        + ": Could not find any gateway matching id: dbus, capability 'network'");
        assertThat(host.init.newest().spawned).isEmpty();
        assertThat(host.containerMounts.mounted()).isEmpty();
    }

    @Test
    void saysWithoutAPrefixThatTheStateIsWrong() {
        agent.suspend(0);

        assertThat(refusal(() -> execute("app", "", "")))
                .hasMessage("Invalid to start gateways on non ready container SC-0");

        agent.resume(0);
        execute("app", "", "");
        agent.suspend(0);
        assertThat(refusal(() -> execute("app", "", "")))
                .hasMessage("Invalid to execute code in non ready container SC-0");
    }

    @Test
    void splitsTheCommandLineAndTakesEmptyNamesForRootAndNoOutput() {
        execute("app 'a b' $HOME", "", "");
        execute("app", "/tmp", directory + "/log");

        assertThat(spawned(0).arguments()).containsExactly("app", "a b", "$HOME");
        assertThat(spawned(0).workingDirectory()).isEqualTo("/");
        assertThat(spawned(0).streams()).isEqualTo(new StandardStreams.ToFile(Optional.empty()));
        assertThat(spawned(1).workingDirectory()).isEqualTo("/tmp");
        assertThat(spawned(1).streams())
                .isEqualTo(new StandardStreams.ToFile(
                        Optional.of(new OutputTarget(directory.resolve("log"), new HostUser(0, Set.of(0L))))));
    }

    @Test
    void refusesArgumentsOfExecuteBeforeItGrantsTheDefaults() {
        String tooLong = "/" + "x".repeat(4095);
        host.calls.reset();

        assertInvalid(() -> execute("", "", ""), "The command line is empty");
        assertInvalid(
                () -> execute("app 'x", "", ""),
                "The command line has an unbalanced quote: the ' at character 5 is not closed");
        assertInvalid(() -> execute("app", "tmp", ""), "the working directory 'tmp' is not absolute");
        assertInvalid(() -> execute("app", "", "log"), "the output file 'log' is not absolute");
        assertInvalid(
                () -> execute("app", tooLong, ""),
                "the working directory '/" + "x".repeat(99) + "…' (4096 characters) is longer than 4095 bytes");
        assertInvalid(
                () -> execute("app", "", "/a\0b"),
                "the output file '/a\\u0000b' is not a path: Nul character not allowed");
        assertThat(host.calls.made()).isEmpty();
    }

    @Test
    void refusesBadVariablesAndStartsNothing() {
        assertInvalid(
                () -> agent.execute(0, "app", "", "", Map.of("A=B", "1")),
                "The name of environment variable 'A=B' contains '='");
        assertThat(host.init.newest().spawned).isEmpty();
    }

    @Test
    void looksAtTheIdBeforeAnyOtherArgument() {
        assertThat(refusal(() -> agent.execute(9, "'", "x", "x", Map.of("", ""))))
                .hasMessage(UNKNOWN_ID);
        assertThat(refusal(() -> agent.bindMount(9, "", "", true))).hasMessage(UNKNOWN_ID);
        assertThat(refusal(() -> agent.suspend(9))).hasMessage(UNKNOWN_ID);
        assertThat(refusal(() -> agent.resume(9))).hasMessage(UNKNOWN_ID);
        assertThat(refusal(() -> agent.destroy(9))).hasMessage(UNKNOWN_ID);
    }

    @Test
    void looksAtCapabilitiesBeforeTheId() {
        assertThat(refusal(() -> agent.setCapabilities(9, List.of("b", "no.such"))))
                .hasMessage("One or more capabilities were not found: 'no.such'");
        assertThat(refusal(() -> agent.setCapabilities(9, List.of("b")))).hasMessage(UNKNOWN_ID);
    }

    @Test
    void doesNothingForAnEmptyListNotEvenTheIdCheck() {
        host.calls.reset();

        assertThatCode(() -> agent.setCapabilities(9, List.of())).doesNotThrowAnyException();
        assertThatCode(() -> agent.setCapabilities(-1, List.of())).doesNotThrowAnyException();

        assertThat(host.calls.made()).isEmpty();
    }

    @Test
    void grantsAllCapabilitiesOrNone() {
        assertThat(refusal(() -> agent.setCapabilities(0, List.of("a", "network"))))
                .hasMessageContaining("Could not find any gateway matching id: dbus, capability 'network'");
        assertThat(refusal(() -> agent.setCapabilities(0, List.of("a", "missing"))))
                .hasMessage(
                        "Could not set capabilities 'a', 'missing': '" + data + "/missing' does not exist on the host");
        assertThat(refusal(() -> agent.setCapabilities(0, List.of("missing"))))
                .hasMessage("Could not set capability 'missing': '" + data + "/missing' does not exist on the host");
        assertThat(host.containerMounts.mounted()).isEmpty();

        execute("app", "", "");

        assertThat(host.containerMounts.mounted()).isEmpty();
    }

    @Test
    void refusesPathsThatCannotBeMounted() {
        String directoryText = data.toString();
        host.calls.reset();

        assertInvalid(
                () -> agent.bindMount(0, "data", "/app", true),
                "Unable to bind mount 'data' to '/app': the path in the host 'data' is not absolute");
        assertInvalid(
                () -> agent.bindMount(0, "", "/app", true),
                "Unable to bind mount '' to '/app': the path in the host is empty");
        assertInvalid(
                () -> agent.bindMount(0, "/", "app", true),
                "Unable to bind mount '/' to 'app': the path in the container 'app' is not absolute");
        assertInvalid(
                () -> agent.bindMount(0, "/", "", true),
                "Unable to bind mount '/' to '': the path in the container is empty");
        for (String root : List.of("/", "//", "/.", "/..", "/app/..")) {
            assertInvalid(
                    () -> agent.bindMount(0, "/", root, true),
                    "Unable to bind mount '/' to '" + root + "': the path in the container is its root");
        }
        assertThat(host.calls.made()).isEmpty();
        agent.bindMount(0, directoryText, "/opt/../app", true);
        assertThat(host.containerMounts.mounted())
                .singleElement()
                .extracting(mounted -> mounted.mount().containerPath())
                .isEqualTo(Path.of("/app"));
    }

    private void execute(String commandLine, String workingDirectory, String outputFile) {
        agent.execute(0, commandLine, workingDirectory, outputFile, Map.of());
    }

    private SpawnRequest spawned(int number) {
        return host.init.newest().spawned.get(number);
    }

    private static SoftwareContainerException refusal(ThrowingCallable call) {
        SoftwareContainerException refusal = catchThrowableOfType(SoftwareContainerException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static void assertInvalid(ThrowingCallable call, String message) {
        SoftwareContainerException refusal = refusal(call);
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }
}
