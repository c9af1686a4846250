package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.EnvironmentVariable;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Direction;
import com.pelagicore.softwarecontainer.spec.NetworkRule.Protocol;
import com.pelagicore.softwarecontainer.spec.Peer;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What tests grant. */
final class Specs {

    private Specs() {}

    /** A compiler that says the same whatever is granted. */
    static Function<Set<String>, ContainerSpec> always(SpecItem... items) {
        ContainerSpec spec = ContainerSpec.of(List.of(items));
        return names -> spec;
    }

    static EnvironmentVariable variable(String name, String value) {
        return new EnvironmentVariable(name, value);
    }

    static NetworkRule outgoing(String peer) {
        return new NetworkRule(Direction.OUTGOING, Peer.parse(peer), EnumSet.of(Protocol.TCP), List.of());
    }

    static BindMount readOnly(Path hostPath, String containerPath) {
        return new BindMount(hostPath, Path.of(containerPath), true);
    }

    static BindMount writable(Path hostPath, String containerPath) {
        return new BindMount(hostPath, Path.of(containerPath), false);
    }

    /** As root asks for them. */
    static List<LimitedMount> unlimited(BindMount... mounts) {
        return Stream.of(mounts)
                .map(mount -> new LimitedMount(mount, Optional.empty()))
                .toList();
    }
}
