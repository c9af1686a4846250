package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.util.function.Consumer;

/** The network interface, made with the first rule that is granted, and its rules. */
final class NetworkPart implements GrantPart {

    private final ContainerId container;
    private final HostNetwork network;
    private final InitProcess init;

    NetworkPart(ContainerId container, HostNetwork network, InitProcess init) {
        this.container = container;
        this.network = network;
        this.init = init;
    }

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        if (wanted.network().equals(granted.network())) {
            return scope -> {};
        }
        HostNetwork.Prepared prepared = network.prepare(container, wanted.network());
        return granted.network().isEmpty() ? attaching(prepared) : replacing(prepared);
    }

    @Override
    public void adopt(ContainerSpec granted) {
        if (!granted.network().isEmpty()) {
            network.adopt(container, granted.network());
        }
    }

    private Consumer<UndoScope> attaching(HostNetwork.Prepared prepared) {
        return scope -> {
            scope.announce(new UndoStep.DetachNetwork(container.value(), prepared.bridge()));
            network.attach(prepared, init);
        };
    }

    private Consumer<UndoScope> replacing(HostNetwork.Prepared prepared) {
        return scope -> {
            scope.announce(new UndoStep.RestoreNetwork(container.value(), init.pid(), init.startTicks()));
            network.replace(prepared);
        };
    }
}
