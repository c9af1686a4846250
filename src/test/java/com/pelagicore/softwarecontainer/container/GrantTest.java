package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.rootfs.FakeContainerMounts.Mounted;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantTest {

    private static final Path ENVIRONMENT_FILE = Path.of("/gateways/env");

    @TempDir
    private Path directory;

    private ModelHost host;
    private Container container;
    private Path data;

    @BeforeEach
    void makeContainer() throws IOException {
        host = new ModelHost(directory);
        container = new Containers(host.containerHost(), new RecordingListener()).create(Options.PLAIN.value());
        data = Files.createDirectory(directory.resolve("data"));
        host.calls.reset();
    }

    @Test
    void mountsOnceWhatAManifestForgotAndNamesAgain() {
        container.grant(Set.of("a"), always(readOnly(directory, "/data")));
        container.grant(Set.of("b"), always(variable("A", "1")));

        container.grant(Set.of("c"), always(readOnly(directory, "/data"), variable("A", "1")));

        assertThat(host.containerMounts.mounted()).hasSize(1);
    }

    @Test
    void mountsParentsBeforeChildrenAndThenWritesTheEnvironment() {
        container.grant(
                Set.of("a"),
                always(
                        variable("A", "1"),
                        readOnly(data, "/opt/app/lib"),
                        writable(data, "/opt"),
                        readOnly(data, "/x")));

        assertThat(host.calls.made())
                .containsExactly(
                        "mountAt /opt",
                        "mountAt /opt/app/lib",
                        "mountAt /x",
                        "bind /opt",
                        "bind /opt/app/lib",
                        "bind /x",
                        "writeFile /gateways/env");
        assertThat(mounts())
                .containsExactly(writable(data, "/opt"), readOnly(data, "/opt/app/lib"), readOnly(data, "/x"));
    }

    @Test
    void writesTheEnvironmentForAShellToRead() {
        container.grant(
                Set.of("a"), always(variable("b", "it's 'quoted'"), variable("A", "x y"), variable("EMPTY", "")));

        assertThat(environment())
                .hasValue(
                        """
                export A='x y'
                export EMPTY=''
                export b='it'\\''s '\\''quoted'\\'''
                """);
    }

    @Test
    void writesNoEnvironmentIfNoneIsGranted() {
        container.grant(Set.of("a"), always(readOnly(data, "/data")));

        assertThat(environment()).isEmpty();
    }

    @Test
    void compilesAllThatIsGrantedTogether() {
        List<List<String>> compiled = new ArrayList<>();

        for (Set<String> names : List.of(Set.of("b"), Set.of("a"), Set.<String>of())) {
            container.grant(names, all -> {
                compiled.add(List.copyOf(all));
                return ContainerSpec.EMPTY;
            });
        }

        assertThat(compiled).containsExactly(List.of("b"), List.of("b", "a"), List.of("b", "a"));
        assertThat(container.grantedCapabilities()).hasValue(Set.of("a", "b"));
    }

    @Test
    void tellsNothingGrantedFromOnlyTheDefaults() {
        assertThat(container.grantedCapabilities()).isEmpty();

        container.grant(Set.of(), always(variable("DEFAULT", "yes")));

        assertThat(container.grantedCapabilities()).hasValue(Set.of());
    }

    @Test
    void changesNothingWhenGrantedAgainNotEvenTheJournal() throws IOException {
        container.grant(Set.of("a"), always(variable("A", "1"), readOnly(data, "/data")));
        ModelHost.Snapshot granted = host.snapshot();
        host.calls.reset();

        container.grant(Set.of("a"), always(variable("A", "1"), readOnly(data, "/data")));

        assertThat(host.calls.made()).isEmpty();
        assertThat(host.snapshot()).isEqualTo(granted);
    }

    @Test
    void stacksAMountWhenAGrantIsWidenedToWriting() {
        container.grant(Set.of("a"), always(readOnly(data, "/data")));
        host.calls.reset();

        container.grant(Set.of("b"), always(writable(data, "/data")));

        assertThat(host.calls.made()).containsExactly("bind /data");
        assertThat(mounts()).containsExactly(readOnly(data, "/data"), writable(data, "/data"));
    }

    @Test
    void refusesAMissingHostPathBeforeAnythingIsChanged() {
        ModelHost.Snapshot before = host.snapshot();
        Path missing = data.resolve("missing");

        assertThatThrownBy(() -> container.grant(
                        Set.of("a"), always(variable("A", "1"), readOnly(data, "/a"), readOnly(missing, "/b"))))
                .hasMessage("'" + missing + "' does not exist on the host")
                .extracting("kind")
                .isEqualTo(ErrorKind.NOT_FOUND);

        assertThat(host.calls.made()).containsExactly("mountAt /a");
        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(container.grantedCapabilities()).isEmpty();
    }

    @Test
    void refusesAPathWhereTheCallerMountedSomething() {
        container.bindMounts(Specs.unlimited(readOnly(data, "/app")));
        ModelHost.Snapshot before = host.snapshot();

        assertThatThrownBy(() -> container.grant(Set.of("a"), always(readOnly(data, "/app"))))
                .hasMessage("something is mounted at '/app' in the container already")
                .extracting("kind")
                .isEqualTo(ErrorKind.ALREADY_EXISTS);

        assertThat(host.snapshot()).isEqualTo(before);
    }

    @Test
    void writesDownForALaterAgentWhatIsGranted() throws IOException {
        container.grant(Set.of("a"), always(variable("A", "it's"), readOnly(data, "/data")));
        container.grant(Set.of("b"), always(variable("A", "it's"), readOnly(data, "/data"), writable(data, "/b")));

        List<String> facts = Files.readAllLines(host.journals().resolve("SC-0")).stream()
                .filter(line -> line.contains("\"granted\""))
                .toList();
        assertThat(facts)
                .hasSize(2)
                .last()
                .isEqualTo(
                        """
                        {"commit":{"granted":{"capabilities":["a","b"],"spec":{"environment":{"A":"it's"},\
                        "mounts":[{"host":"%1$s","container":"/b","readOnly":false},\
                        {"host":"%1$s","container":"/data","readOnly":true}],"sockets":[],"devices":[],"cgroups":{},\
                        "network":[],"buses":[],"busRules":[]}}}}"""
                                .formatted(data));
    }

    @Test
    void buffersWhatIsWrittenToDirectoriesOnly() throws IOException {
        Container buffered =
                new Containers(host.containerHost(), new RecordingListener()).create(Options.BUFFER_ON_DISK.value());
        Path file = Files.createFile(directory.resolve("file"));

        buffered.grant(
                Set.of("a"), always(writable(data, "/directory"), writable(file, "/file"), readOnly(data, "/fixed")));

        assertThat(host.containerMounts.mounted())
                .extracting(mounted ->
                        mounted.mount().containerPath() + " " + mounted.upper().isPresent())
                .containsExactly("/directory true", "/file false", "/fixed false");
    }

    private List<Object> mounts() {
        return host.containerMounts.mounted().stream()
                .<Object>map(Mounted::mount)
                .toList();
    }

    private Optional<String> environment() {
        return host.containerMounts.file(host.init.newest().init(), ENVIRONMENT_FILE);
    }
}
