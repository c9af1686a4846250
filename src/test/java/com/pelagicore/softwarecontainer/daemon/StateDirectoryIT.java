package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs root: the directories must belong to it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StateDirectoryIT {

    @TempDir
    private Path directory;

    private Path state;
    private Path shared;

    @BeforeEach
    void nameDirectories() {
        state = directory.resolve("lib/state");
        shared = directory.resolve("run/shared");
    }

    @Test
    void makesWhatIsMissingForRootAlone() throws IOException {
        try (StateDirectory open = StateDirectory.open(state, shared)) {
            assertThat(open.journals()).isEqualTo(state.resolve("journals"));
            assertThat(permissions(open.journals())).isEqualTo("rwx------");
            assertThat(permissions(state)).isEqualTo("rwx------");
            assertThat(permissions(shared)).isEqualTo("rwx--x--x");
        }
    }

    @Test
    void canBeOpenedAgainWhenItWasClosed() {
        StateDirectory.open(state, shared).close();

        assertThatCode(() -> StateDirectory.open(state, shared).close()).doesNotThrowAnyException();
    }

    @Test
    void refusesASecondAgent() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        classes(StateDirectory.class) + ":" + classes(StateDirectoryHolder.class),
                        StateDirectoryHolder.class.getName(),
                        state.toString(),
                        shared.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = other.inputReader()) {
            assertThat(output.readLine()).isEqualTo("open " + state.resolve("journals"));

            assertThatThrownBy(() -> StateDirectory.open(state, shared))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("The state directory '" + state + "' is in use by another agent");

            other.getOutputStream().close();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
            StateDirectory.open(state, shared).close();
        } finally {
            other.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwxrwx---", "rwx----w-"})
    void refusesADirectoryThatOthersMayWriteTo(String permissions) throws IOException {
        Files.createDirectories(state);
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString(permissions));

        assertRefused(state);
    }

    @Test
    void refusesADirectoryOfSomebodyElse() throws IOException {
        Files.createDirectories(shared);
        Files.setAttribute(shared, "unix:uid", 12_345);

        assertRefused(shared);
    }

    @Test
    void refusesALinkInPlaceOfADirectory() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createDirectories(state.getParent());
        Files.createSymbolicLink(state, elsewhere);

        assertThatThrownBy(() -> StateDirectory.open(state, shared))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(state.toString());
        assertThat(elsewhere).isEmptyDirectory();
    }

    private void assertRefused(Path refused) {
        assertThatThrownBy(() -> StateDirectory.open(state, shared))
                .isInstanceOf(CannotStart.class)
                .hasMessage("'" + refused + "' must belong to root and be writable by nobody else");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Path classes(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
