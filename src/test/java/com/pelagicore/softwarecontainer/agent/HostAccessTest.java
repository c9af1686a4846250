package com.pelagicore.softwarecontainer.agent;

import static com.pelagicore.softwarecontainer.agent.AccessScene.GROUP;
import static com.pelagicore.softwarecontainer.agent.AccessScene.OF_OWNER;
import static com.pelagicore.softwarecontainer.agent.AccessScene.OWNER;
import static com.pelagicore.softwarecontainer.agent.AccessScene.PLAIN;
import static com.pelagicore.softwarecontainer.agent.AccessScene.assertDenied;
import static com.pelagicore.softwarecontainer.agent.AccessScene.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.process.HostUser;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the host others than root reach by their containers. */
class HostAccessTest {

    @TempDir
    private Path directory;

    private AccessScene scene;

    @BeforeEach
    void makeContainers() throws IOException {
        scene = new AccessScene(directory);
    }

    @Test
    void mountsOfOthersThanRootStayInTheDirectoriesThatAreAllowed() {
        Agent owner = scene.agents.of(OWNER);

        owner.bindMount(OF_OWNER, directory + "/readable/in", "/a", true);
        owner.bindMount(OF_OWNER, directory + "/writable", "/b", true);
        owner.bindMount(OF_OWNER, directory + "/writable", "/c", false);

        assertThat(scene.host.containerMounts.within)
                .containsExactly(
                        directory.resolve("readable"), directory.resolve("writable"), directory.resolve("writable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc/shadow", "/proc/1/root", "%s/readable/../x", "%s/readablex", "%s"})
    void mountsOfOthersThanRootComeFromNowhereElse(String path) {
        String hostPath = path.formatted(directory);

        for (boolean readOnly : new boolean[] {true, false}) {
            assertDenied(() -> scene.agents.of(OWNER).bindMount(OF_OWNER, hostPath, "/a", readOnly));
            scene.assertNotAdmitted(
                    OWNER, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath(hostPath, !readOnly))));
        }
        assertDenied(() -> scene.agents.of(OWNER).bindMount(OF_OWNER, directory + "/readable", "/a", false));
        assertThat(scene.host.containerMounts.mounted()).isEmpty();
    }

    @Test
    void whatIsNoPathIsRefusedAsSuch() {
        assertThat(scene.agents.admit(OWNER, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath("etc", false)))))
                .isCompletedWithValue(OWNER);
        assertThat(refusal(() -> scene.agents.of(OWNER).bindMount(OF_OWNER, "etc", "/a", true))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @Test
    void withAWriteBufferOnlyRootMountsForWriting() {
        int id = scene.agents
                .of(OWNER)
                .create("[{\"writeBufferEnabled\": true}]")
                .value();

        assertDenied(() -> scene.agents.of(OWNER).bindMount(id, directory + "/writable", "/a", false));
        scene.agents.of(OWNER).bindMount(id, directory + "/writable", "/a", true);
    }

    @Test
    void outputIsWrittenWithTheRightsOfTheCaller() {
        int id = scene.agents.of(OWNER).create(PLAIN).value();

        scene.agents.of(OWNER).execute(id, "true", "", "/tmp/x", Map.of());

        assertThat(scene.host.init.newest().spawned.get(0).streams())
                .isEqualTo(new StandardStreams.ToFile(
                        Optional.of(new OutputTarget(Path.of("/tmp/x"), new HostUser(1000, Set.of(1000L, GROUP))))));
    }
}
