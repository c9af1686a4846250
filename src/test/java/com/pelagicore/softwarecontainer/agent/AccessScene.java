package com.pelagicore.softwarecontainer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.container.ModelHost;
import com.pelagicore.softwarecontainer.container.RecordingListener;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.gateway.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A container of an owner and one of root, and those who may or may not use them. */
final class AccessScene {

    static final long GROUP = 4242;
    static final Caller ROOT = new Caller(":1.1", 0, Set.of(0L));
    static final Caller OWNER = new Caller(":1.2", 1000, Set.of(1000L, GROUP));
    static final Caller MEMBER = new Caller(":1.3", 1001, Set.of(1001L, GROUP));
    static final Caller STRANGER = new Caller(":1.4", 1002, Set.of(1002L));
    static final String PLAIN = "[]";

    static final int OF_OWNER = 0;
    static final int OF_ROOT = 1;

    /** Whom the authority was asked about, and what it says. */
    final List<Permission> asked = new ArrayList<>();

    boolean grants;
    final ModelHost host;
    final Agents agents;
    private final Path directory;

    AccessScene(Path directory) throws IOException {
        this.directory = directory;
        host = new ModelHost(directory);
        Files.createDirectories(directory.resolve("readable/in"));
        Files.createDirectories(directory.resolve("writable"));
        agents = agents(OptionalLong.of(GROUP), 2);
        agents.of(OWNER).create(PLAIN);
        agents.of(ROOT).create(PLAIN);
    }

    /** Others, of the same host. */
    Agents agents(OptionalLong group, int containersPerUser) {
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
                new GatewayCompiler(List.of(), AccessScene.class.getClassLoader(), new HostFacts(Map.of())),
                new Access(containers, group, hostPaths, authority));
    }

    void assertNotAdmitted(Caller caller, Intent intent) {
        CompletionException failure = catchThrowableOfType(
                CompletionException.class, () -> agents.admit(caller, intent).join());
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(SoftwareContainerException.class, denied -> assertThat(denied.kind())
                        .isEqualTo(ErrorKind.ACCESS_DENIED));
    }

    static void assertDenied(ThrowingCallable call) {
        assertThat(refusal(call).kind()).isEqualTo(ErrorKind.ACCESS_DENIED);
    }

    static SoftwareContainerException refusal(ThrowingCallable call) {
        return catchThrowableOfType(SoftwareContainerException.class, call);
    }
}
