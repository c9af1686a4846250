package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Containers with a network, in memory. */
public final class FakeHostNetwork implements HostNetwork {

    private record Access(ContainerId container, Set<NetworkRule> rules) implements Prepared {

        @Override
        public String bridge() {
            return "bridge";
        }
    }

    private final Map<ContainerId, Set<NetworkRule>> attached = new HashMap<>();
    private final Map<ContainerId, Set<NetworkRule>> adopted = new HashMap<>();
    private final Map<ContainerId, Set<NetworkRule>> before = new HashMap<>();

    /** The rules of each container that has a network. */
    public Map<ContainerId, Set<NetworkRule>> attached() {
        return Map.copyOf(attached);
    }

    @Override
    public Prepared prepare(ContainerId container, Set<NetworkRule> rules) {
        return new Access(container, rules);
    }

    @Override
    public void attach(Prepared prepared, InitProcess init) {
        Access access = (Access) prepared;
        if (attached.put(access.container(), access.rules()) != null) {
            throw new IllegalStateException(access.container() + " is attached already");
        }
    }

    @Override
    public void adopt(ContainerId container, Set<NetworkRule> rules) {
        if (!attached.containsKey(container)) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "no device of " + container);
        }
        adopted.put(container, rules);
    }

    @Override
    public void enforceAdopted() {
        adopted.forEach((container, rules) -> {
            attached.put(container, rules);
            before.put(container, rules);
        });
        adopted.clear();
    }

    @Override
    public void replace(Prepared prepared) {
        Access access = (Access) prepared;
        before.put(access.container(), attached.get(access.container()));
        attached.put(access.container(), access.rules());
    }

    @Override
    public void detach(ContainerId container, String bridge) {
        attached.remove(container);
        before.remove(container);
    }

    @Override
    public void restore(ContainerId container, InitProcess init) {
        if (before.containsKey(container)) {
            attached.put(container, before.get(container));
        }
    }
}
