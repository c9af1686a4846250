package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Who may do what (docs/security.md). Root may do everything. Members of a group may list, create, and use what
 * is theirs. For the rest an authority is asked, before the call takes its turn; the decision that counts falls
 * when it is carried out, about the container that there is then.
 */
public final class Access {

    private final Containers containers;
    private final OptionalLong group;
    private final HostPaths hostPaths;
    private final Authority authority;

    /** @param group id; empty: there are no members */
    public Access(Containers containers, OptionalLong group, HostPaths hostPaths, Authority authority) {
        this.containers = containers;
        this.group = group;
        this.hostPaths = hostPaths;
        this.authority = authority;
    }

    /** As {@link Agents#admit}. */
    CompletableFuture<Caller> admit(Caller caller, Intent intent) {
        CompletableFuture<Caller> admitted = CompletableFuture.completedFuture(caller);
        for (Permission needed : needed(caller, intent).toList()) {
            if (!allows(caller, needed)) {
                admitted = admitted.thenCompose(soFar -> ask(soFar, needed));
            }
        }
        return admitted;
    }

    boolean allows(Caller caller, Permission permission) {
        boolean isOfMembers =
                switch (permission) {
                    case LIST, CREATE, MANAGE -> true;
                    case MANAGE_OTHERS, HOST_PATHS -> false;
                };
        return caller.isRoot() || caller.granted().contains(permission) || (isOfMembers && isMember(caller));
    }

    /** @throws SoftwareContainerException ACCESS_DENIED */
    void require(Caller caller, Permission permission) {
        if (!allows(caller, permission)) {
            throw denied(caller, permission.phrase());
        }
    }

    /**
     * For a look ahead: what counts is {@link #container}.
     *
     * @param id as it came from the caller; there need not be such a container
     * @throws SoftwareContainerException ACCESS_DENIED
     */
    void requireUse(Caller caller, int id) {
        require(caller, toUse(caller, id));
    }

    /**
     * The container of that id, for somebody who may use it.
     *
     * @param id as it came from the caller
     * @throws SoftwareContainerException ACCESS_DENIED, INVALID_ARGUMENT, NOT_FOUND
     */
    Container container(Caller caller, int id) {
        Optional<Container> container = containers.find(id);
        require(caller, container.map(found -> toUse(caller, found)).orElse(Permission.MANAGE));
        return container.orElseGet(() -> containers.get(id));
    }

    /**
     * The directory that a mount has to stay in; empty: it may come from anywhere.
     *
     * @throws SoftwareContainerException ACCESS_DENIED
     */
    Optional<Path> limit(Caller caller, BindMount mount) {
        if (allows(caller, Permission.HOST_PATHS)) {
            return Optional.empty();
        }
        Optional<Path> limit = hostPaths.around(mount.hostPath().normalize(), !mount.readOnly());
        return limit.or(() -> {
            throw denied(
                    caller,
                    "mount " + Quoted.text(mount.hostPath().toString()) + (mount.readOnly() ? "" : " for writing"));
        });
    }

    private CompletableFuture<Caller> ask(Caller caller, Permission permission) {
        return authority
                .grants(caller, permission)
                .thenCompose(granted -> granted
                        ? CompletableFuture.completedFuture(caller.with(permission))
                        : CompletableFuture.failedFuture(denied(caller, permission.phrase())));
    }

    private Stream<Permission> needed(Caller caller, Intent intent) {
        if (intent instanceof Intent.Look) {
            return Stream.of(Permission.LIST);
        } else if (intent instanceof Intent.Create) {
            return Stream.of(Permission.CREATE);
        } else if (intent instanceof Intent.Use use) {
            return Stream.of(toUse(caller, use.container()));
        }
        Intent.Mount mount = (Intent.Mount) intent;
        boolean leavesLimits = mount.hostPaths().stream().anyMatch(this::leavesLimits);
        return Stream.concat(
                Stream.of(toUse(caller, mount.container())),
                leavesLimits ? Stream.of(Permission.HOST_PATHS) : Stream.of());
    }

    /** Of a container that does not exist members may learn just that. */
    private Permission toUse(Caller caller, int id) {
        return containers.find(id).map(found -> toUse(caller, found)).orElse(Permission.MANAGE);
    }

    private static Permission toUse(Caller caller, Container container) {
        return container.owner().uid() == caller.uid() ? Permission.MANAGE : Permission.MANAGE_OTHERS;
    }

    /** What is no path will be refused as such. */
    private boolean leavesLimits(Intent.HostPath path) {
        try {
            Path hostPath = Path.of(path.text());
            return hostPath.isAbsolute()
                    && hostPaths.around(hostPath.normalize(), path.writable()).isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private boolean isMember(Caller caller) {
        return group.isPresent() && caller.groups().contains(group.getAsLong());
    }

    private static SoftwareContainerException denied(Caller caller, String deed) {
        return new SoftwareContainerException(ErrorKind.ACCESS_DENIED, "user " + caller.uid() + " may not " + deed);
    }
}
