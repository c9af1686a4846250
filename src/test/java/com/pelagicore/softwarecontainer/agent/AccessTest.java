package com.pelagicore.softwarecontainer.agent;

import static com.pelagicore.softwarecontainer.agent.AccessScene.MEMBER;
import static com.pelagicore.softwarecontainer.agent.AccessScene.OF_OWNER;
import static com.pelagicore.softwarecontainer.agent.AccessScene.OF_ROOT;
import static com.pelagicore.softwarecontainer.agent.AccessScene.OWNER;
import static com.pelagicore.softwarecontainer.agent.AccessScene.PLAIN;
import static com.pelagicore.softwarecontainer.agent.AccessScene.ROOT;
import static com.pelagicore.softwarecontainer.agent.AccessScene.STRANGER;
import static com.pelagicore.softwarecontainer.agent.AccessScene.assertDenied;
import static com.pelagicore.softwarecontainer.agent.AccessScene.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.pelagicore.softwarecontainer.container.ModelHost;
import com.pelagicore.softwarecontainer.container.PortCalls;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what: root, an owner, another member of the group, and a stranger, with every use case. */
class AccessTest {

    @TempDir
    private Path directory;

    private AccessScene scene;

    @BeforeEach
    void makeContainers() throws IOException {
        scene = new AccessScene(directory);
    }

    static Stream<String> usesOfAContainer() {
        return uses(0).keySet().stream();
    }

    private static Map<String, Consumer<Agent>> uses(int id) {
        Map<String, Consumer<Agent>> uses = new LinkedHashMap<>();
        uses.put("execute", agent -> agent.execute(id, "true", "", "", Map.of()));
        uses.put("suspend", agent -> agent.suspend(id));
        uses.put("resume", agent -> agent.resume(id));
        uses.put("bindMount", agent -> agent.bindMount(id, "/usr", "/x", true));
        uses.put("setCapabilities", agent -> agent.setCapabilities(id, List.of("a")));
        uses.put("destroy", agent -> agent.destroy(id));
        return uses;
    }

    @ParameterizedTest
    @MethodSource("usesOfAContainer")
    void nobodyButItsOwnerAndRootUsesAContainer(String use) {
        ModelHost.Snapshot before = scene.host.snapshot();
        scene.host.calls.reset();

        for (Caller caller : List.of(MEMBER, STRANGER)) {
            assertDenied(() -> uses(OF_OWNER).get(use).accept(scene.agents.of(caller)));
        }
        assertDenied(() -> uses(OF_ROOT).get(use).accept(scene.agents.of(OWNER)));

        assertThat(scene.host.snapshot()).isEqualTo(before);
        assertThat(scene.host.calls.made()).isEmpty();
    }

    @Test
    void theOwnerUsesHisContainer() {
        Agent owner = scene.agents.of(OWNER);

        owner.execute(OF_OWNER, "true", "", "", Map.of());
        owner.suspend(OF_OWNER);
        owner.resume(OF_OWNER);
        owner.destroy(OF_OWNER);

        assertThat(owner.list()).hasSize(1);
    }

    @Test
    void rootUsesEveryContainer() {
        scene.agents.of(ROOT).execute(OF_OWNER, "true", "", "", Map.of());
        scene.agents.of(ROOT).bindMount(OF_OWNER, "/usr", "/x", false);
        scene.agents.of(ROOT).destroy(OF_OWNER);

        assertThat(scene.asked).isEmpty();
    }

    @Test
    void membersListAndCreateAndStrangersDoNot() {
        assertThat(scene.agents.of(MEMBER).list()).hasSize(2);
        assertThat(scene.agents.of(MEMBER).capabilities()).isEmpty();
        assertThatCode(() -> scene.agents.of(MEMBER).create(PLAIN)).doesNotThrowAnyException();

        assertDenied(() -> scene.agents.of(STRANGER).list());
        assertDenied(() -> scene.agents.of(STRANGER).capabilities());
        assertDenied(() -> scene.agents.of(STRANGER).create(PLAIN));
    }

    @Test
    void withoutAGroupThereAreNoMembers() {
        Agents ofRoot = scene.agents(OptionalLong.empty(), 2);

        assertDenied(() -> ofRoot.of(MEMBER).list());
        assertThat(ofRoot.of(ROOT).list()).isEmpty();
    }

    @Test
    void aContainerThatDoesNotExistIsNoSecretToMembersOnly() {
        assertThat(refusal(() -> scene.agents.of(MEMBER).suspend(99)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(refusal(() -> scene.agents.of(MEMBER).suspend(-1)).kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT);
        assertDenied(() -> scene.agents.of(STRANGER).suspend(99));
        assertDenied(() -> scene.agents.of(STRANGER).suspend(-1));
    }

    @Test
    void anIdThatIsGivenAgainIsAnotherContainer() {
        Caller admitted = scene.agents.admit(OWNER, new Intent.Use(OF_OWNER)).join();
        scene.agents.of(ROOT).destroy(OF_OWNER);
        scene.agents.of(MEMBER).create(PLAIN);

        assertDenied(() -> scene.agents.of(admitted).destroy(OF_OWNER));
    }

    @Test
    void admitsAtOnceWhomTheRuleAllows() {
        assertThat(scene.agents.admit(MEMBER, new Intent.Look())).isCompletedWithValue(MEMBER);
        assertThat(scene.agents.admit(OWNER, new Intent.Use(OF_OWNER))).isCompletedWithValue(OWNER);
        assertThat(scene.agents.admit(ROOT, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath("/", true)))))
                .isCompletedWithValue(ROOT);
        assertThat(scene.asked).isEmpty();
    }

    @Test
    void admitsNobodyWhomNeitherRuleNorAuthorityAllows() {
        scene.assertNotAdmitted(STRANGER, new Intent.Look());
        scene.assertNotAdmitted(STRANGER, new Intent.Create());
        scene.assertNotAdmitted(STRANGER, new Intent.Use(99));
        scene.assertNotAdmitted(MEMBER, new Intent.Use(OF_OWNER));
        scene.assertNotAdmitted(OWNER, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath("/etc/shadow", false))));

        assertThat(scene.asked)
                .containsExactly(
                        Permission.LIST,
                        Permission.CREATE,
                        Permission.MANAGE,
                        Permission.MANAGE_OTHERS,
                        Permission.HOST_PATHS);
    }

    @Test
    void whatTheAuthorityGrantsCountsForOneCall() {
        scene.grants = true;
        Caller admitted = scene.agents.admit(STRANGER, new Intent.Use(OF_OWNER)).join();

        scene.agents.of(admitted).suspend(OF_OWNER);

        assertThat(admitted.granted()).containsExactly(Permission.MANAGE_OTHERS);
        assertDenied(() -> scene.agents.of(STRANGER).resume(OF_OWNER));
        assertDenied(() -> scene.agents.of(admitted).create(PLAIN));
    }

    @Test
    void whatTheAuthorityGrantsDoesNotReachAnotherContainer() {
        scene.grants = true;
        scene.agents.of(MEMBER).create(PLAIN);
        Caller admitted = scene.agents.admit(MEMBER, new Intent.Use(2)).join();
        scene.agents.of(MEMBER).destroy(2);
        scene.agents.of(ROOT).create(PLAIN);

        assertDenied(() -> scene.agents.of(admitted).suspend(2));
    }

    @Test
    void aUserHasNoMoreContainersThanTheLimitAndRootHas() {
        scene.agents.of(OWNER).create(PLAIN);

        assertThat(refusal(() -> scene.agents.of(OWNER).create(PLAIN)))
                .hasMessage("user 1000 has 2 containers already, the limit is 2")
                .extracting(SoftwareContainerException::kind)
                .isEqualTo(ErrorKind.LIMIT_EXCEEDED);
        scene.agents.of(OWNER).destroy(OF_OWNER);
        scene.agents.of(OWNER).create(PLAIN);
        for (int i = 0; i < 3; i++) {
            scene.agents.of(ROOT).create(PLAIN);
        }
    }

    @Test
    void aFailedCreateDoesNotCount() {
        scene.host.calls.reset();
        scene.host.calls.fail(PortCalls.Failing.BEFORE, 1);
        assertThat(refusal(() -> scene.agents.of(OWNER).create(PLAIN)).kind()).isEqualTo(ErrorKind.HOST_REFUSED);

        assertThatCode(() -> scene.agents.of(OWNER).create(PLAIN)).doesNotThrowAnyException();
    }

    @Test
    void onlyRootTakesMuchMemoryForAWriteBuffer() {
        String large = "[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true,"
                + " \"temporaryFileSystemSize\": 104857601}]";

        assertThat(refusal(() -> scene.agents.of(OWNER).create(large)).kind()).isEqualTo(ErrorKind.LIMIT_EXCEEDED);
        scene.agents.of(ROOT).create(large);
    }
}
