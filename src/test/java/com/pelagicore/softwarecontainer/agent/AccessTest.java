package com.pelagicore.softwarecontainer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.container.ModelHost;
import com.pelagicore.softwarecontainer.container.PortCalls;
import com.pelagicore.softwarecontainer.container.RecordingListener;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.process.HostUser;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what: root, an owner, another member of the group, and a stranger, with every use case. */
class AccessTest {

    private static final long GROUP = 4242;
    private static final Caller ROOT = new Caller(":1.1", 0, Set.of(0L));
    private static final Caller OWNER = new Caller(":1.2", 1000, Set.of(1000L, GROUP));
    private static final Caller MEMBER = new Caller(":1.3", 1001, Set.of(1001L, GROUP));
    private static final Caller STRANGER = new Caller(":1.4", 1002, Set.of(1002L));
    private static final String PLAIN = "[]";

    private static final int OF_OWNER = 0;
    private static final int OF_ROOT = 1;

    @TempDir
    private Path directory;

    private final List<Permission> asked = new ArrayList<>();
    private boolean grants;
    private ModelHost host;
    private Agents agents;

    @BeforeEach
    void makeContainers() throws IOException {
        host = new ModelHost(directory);
        Files.createDirectories(directory.resolve("readable/in"));
        Files.createDirectories(directory.resolve("writable"));
        agents = agents(OptionalLong.of(GROUP), 2);
        agents.of(OWNER).create(PLAIN);
        agents.of(ROOT).create(PLAIN);
    }

    private Agents agents(OptionalLong group, int containersPerUser) {
        Containers containers = new Containers(host.containerHost(), new RecordingListener(), containersPerUser);
        HostPaths hostPaths =
                new HostPaths(List.of(directory.resolve("readable")), List.of(directory.resolve("writable")));
        Authority authority = (caller, permission) -> {
            asked.add(permission);
            return CompletableFuture.completedFuture(grants);
        };
        return new ContainerAgents(
                containers,
                Catalogue.load(Path.of(""), Path.of("")),
                new GatewayCompiler(List.of(), AccessTest.class.getClassLoader(), new HostFacts(Map.of())),
                new Access(containers, group, hostPaths, authority));
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
        ModelHost.Snapshot before = host.snapshot();
        host.calls.reset();

        for (Caller caller : List.of(MEMBER, STRANGER)) {
            assertDenied(() -> uses(OF_OWNER).get(use).accept(agents.of(caller)));
        }
        assertDenied(() -> uses(OF_ROOT).get(use).accept(agents.of(OWNER)));

        assertThat(host.snapshot()).isEqualTo(before);
        assertThat(host.calls.made()).isEmpty();
    }

    @Test
    void theOwnerUsesHisContainer() {
        Agent owner = agents.of(OWNER);

        owner.execute(OF_OWNER, "true", "", "", Map.of());
        owner.suspend(OF_OWNER);
        owner.resume(OF_OWNER);
        owner.destroy(OF_OWNER);

        assertThat(owner.list()).hasSize(1);
    }

    @Test
    void rootUsesEveryContainer() {
        agents.of(ROOT).execute(OF_OWNER, "true", "", "", Map.of());
        agents.of(ROOT).bindMount(OF_OWNER, "/usr", "/x", false);
        agents.of(ROOT).destroy(OF_OWNER);

        assertThat(asked).isEmpty();
    }

    @Test
    void membersListAndCreateAndStrangersDoNot() {
        assertThat(agents.of(MEMBER).list()).hasSize(2);
        assertThat(agents.of(MEMBER).capabilities()).isEmpty();
        assertThatCode(() -> agents.of(MEMBER).create(PLAIN)).doesNotThrowAnyException();

        assertDenied(() -> agents.of(STRANGER).list());
        assertDenied(() -> agents.of(STRANGER).capabilities());
        assertDenied(() -> agents.of(STRANGER).create(PLAIN));
    }

    @Test
    void withoutAGroupThereAreNoMembers() {
        Agents ofRoot = agents(OptionalLong.empty(), 2);

        assertDenied(() -> ofRoot.of(MEMBER).list());
        assertThat(ofRoot.of(ROOT).list()).isEmpty();
    }

    @Test
    void aContainerThatDoesNotExistIsNoSecretToMembersOnly() {
        assertThat(refusal(() -> agents.of(MEMBER).suspend(99)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(refusal(() -> agents.of(MEMBER).suspend(-1)).kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT);
        assertDenied(() -> agents.of(STRANGER).suspend(99));
        assertDenied(() -> agents.of(STRANGER).suspend(-1));
    }

    @Test
    void anIdThatIsGivenAgainIsAnotherContainer() {
        Caller admitted = agents.admit(OWNER, new Intent.Use(OF_OWNER)).join();
        agents.of(ROOT).destroy(OF_OWNER);
        agents.of(MEMBER).create(PLAIN);

        assertDenied(() -> agents.of(admitted).destroy(OF_OWNER));
    }

    @Test
    void admitsAtOnceWhomTheRuleAllows() {
        assertThat(agents.admit(MEMBER, new Intent.Look())).isCompletedWithValue(MEMBER);
        assertThat(agents.admit(OWNER, new Intent.Use(OF_OWNER))).isCompletedWithValue(OWNER);
        assertThat(agents.admit(ROOT, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath("/", true)))))
                .isCompletedWithValue(ROOT);
        assertThat(asked).isEmpty();
    }

    @Test
    void admitsNobodyWhomNeitherRuleNorAuthorityAllows() {
        assertNotAdmitted(STRANGER, new Intent.Look());
        assertNotAdmitted(STRANGER, new Intent.Create());
        assertNotAdmitted(STRANGER, new Intent.Use(99));
        assertNotAdmitted(MEMBER, new Intent.Use(OF_OWNER));
        assertNotAdmitted(OWNER, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath("/etc/shadow", false))));

        assertThat(asked)
                .containsExactly(
                        Permission.LIST,
                        Permission.CREATE,
                        Permission.MANAGE,
                        Permission.MANAGE_OTHERS,
                        Permission.HOST_PATHS);
    }

    @Test
    void whatTheAuthorityGrantsCountsForOneCall() {
        grants = true;
        Caller admitted = agents.admit(STRANGER, new Intent.Use(OF_OWNER)).join();

        agents.of(admitted).suspend(OF_OWNER);

        assertThat(admitted.granted()).containsExactly(Permission.MANAGE_OTHERS);
        assertDenied(() -> agents.of(STRANGER).resume(OF_OWNER));
        assertDenied(() -> agents.of(admitted).create(PLAIN));
    }

    @Test
    void whatTheAuthorityGrantsDoesNotReachAnotherContainer() {
        grants = true;
        agents.of(MEMBER).create(PLAIN);
        Caller admitted = agents.admit(MEMBER, new Intent.Use(2)).join();
        agents.of(MEMBER).destroy(2);
        agents.of(ROOT).create(PLAIN);

        assertDenied(() -> agents.of(admitted).suspend(2));
    }

    @Test
    void mountsOfOthersThanRootStayInTheDirectoriesThatAreAllowed() {
        Agent owner = agents.of(OWNER);

        owner.bindMount(OF_OWNER, directory + "/readable/in", "/a", true);
        owner.bindMount(OF_OWNER, directory + "/writable", "/b", true);
        owner.bindMount(OF_OWNER, directory + "/writable", "/c", false);

        assertThat(host.containerMounts.within)
                .containsExactly(
                        directory.resolve("readable"), directory.resolve("writable"), directory.resolve("writable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc/shadow", "/proc/1/root", "%s/readable/../x", "%s/readablex", "%s"})
    void mountsOfOthersThanRootComeFromNowhereElse(String path) {
        String hostPath = path.formatted(directory);

        for (boolean readOnly : new boolean[] {true, false}) {
            assertDenied(() -> agents.of(OWNER).bindMount(OF_OWNER, hostPath, "/a", readOnly));
            assertNotAdmitted(OWNER, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath(hostPath, !readOnly))));
        }
        assertDenied(() -> agents.of(OWNER).bindMount(OF_OWNER, directory + "/readable", "/a", false));
        assertThat(host.containerMounts.mounted()).isEmpty();
    }

    @Test
    void whatIsNoPathIsRefusedAsSuch() {
        assertThat(agents.admit(OWNER, new Intent.Mount(OF_OWNER, List.of(new Intent.HostPath("etc", false)))))
                .isCompletedWithValue(OWNER);
        assertThat(refusal(() -> agents.of(OWNER).bindMount(OF_OWNER, "etc", "/a", true))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @Test
    void withAWriteBufferOnlyRootMountsForWriting() {
        int id = agents.of(OWNER).create("[{\"writeBufferEnabled\": true}]").value();

        assertDenied(() -> agents.of(OWNER).bindMount(id, directory + "/writable", "/a", false));
        agents.of(OWNER).bindMount(id, directory + "/writable", "/a", true);
    }

    @Test
    void outputIsWrittenWithTheRightsOfTheCaller() {
        int id = agents.of(OWNER).create(PLAIN).value();

        agents.of(OWNER).execute(id, "true", "", "/tmp/x", Map.of());

        assertThat(host.init.newest().spawned.get(0).streams())
                .isEqualTo(new StandardStreams.ToFile(
                        Optional.of(new OutputTarget(Path.of("/tmp/x"), new HostUser(1000, Set.of(1000L, GROUP))))));
    }

    @Test
    void aUserHasNoMoreContainersThanTheLimitAndRootHas() {
        agents.of(OWNER).create(PLAIN);

        assertThat(refusal(() -> agents.of(OWNER).create(PLAIN)))
                .hasMessage("user 1000 has 2 containers already, the limit is 2")
                .extracting(SoftwareContainerException::kind)
                .isEqualTo(ErrorKind.LIMIT_EXCEEDED);
        agents.of(OWNER).destroy(OF_OWNER);
        agents.of(OWNER).create(PLAIN);
        for (int i = 0; i < 3; i++) {
            agents.of(ROOT).create(PLAIN);
        }
    }

    @Test
    void aFailedCreateDoesNotCount() {
        host.calls.reset();
        host.calls.fail(PortCalls.Failing.BEFORE, 1);
        assertThat(refusal(() -> agents.of(OWNER).create(PLAIN)).kind()).isEqualTo(ErrorKind.HOST_REFUSED);

        assertThatCode(() -> agents.of(OWNER).create(PLAIN)).doesNotThrowAnyException();
    }

    @Test
    void onlyRootTakesMuchMemoryForAWriteBuffer() {
        String large = "[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true,"
                + " \"temporaryFileSystemSize\": 104857601}]";

        assertThat(refusal(() -> agents.of(OWNER).create(large)).kind()).isEqualTo(ErrorKind.LIMIT_EXCEEDED);
        agents.of(ROOT).create(large);
    }

    private void assertNotAdmitted(Caller caller, Intent intent) {
        CompletionException failure = catchThrowableOfType(
                CompletionException.class, () -> agents.admit(caller, intent).join());
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(SoftwareContainerException.class, denied -> assertThat(denied.kind())
                        .isEqualTo(ErrorKind.ACCESS_DENIED));
    }

    private static void assertDenied(ThrowingCallable call) {
        assertThat(refusal(call).kind()).isEqualTo(ErrorKind.ACCESS_DENIED);
    }

    private static SoftwareContainerException refusal(ThrowingCallable call) {
        return catchThrowableOfType(SoftwareContainerException.class, call);
    }
}
