package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Buses of the host, through the filter. */
final class BusPart implements GrantPart {

    private static final Logger LOG = LoggerFactory.getLogger(BusPart.class);

    private final String container;
    private final OptionalInt user;
    private final BusFilter filter;
    private final ContainerMounts mounts;
    private final InitProcess init;

    /** @param user for {@link BusFilter#open} */
    BusPart(String container, OptionalInt user, BusFilter filter, ContainerMounts mounts, InitProcess init) {
        this.container = container;
        this.user = user;
        this.filter = filter;
        this.mounts = mounts;
        this.init = init;
    }

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        List<Consumer<UndoScope>> changes = new ArrayList<>();
        for (Bus bus : wanted.buses()) {
            List<BusRule> before = granted.rulesOf(bus);
            List<BusRule> rules = wanted.rulesOf(bus);
            if (!granted.buses().contains(bus)) {
                filter.requireBus(bus);
                changes.add(scope -> open(bus, rules, scope));
            } else if (!before.equals(rules)) {
                changes.add(scope -> replace(bus, before, rules, scope));
            }
        }
        return scope -> changes.forEach(change -> change.accept(scope));
    }

    private void open(Bus bus, List<BusRule> rules, UndoScope scope) {
        scope.announce(new UndoStep.CloseBus(container, bus));
        filter.open(container, bus, user, rules);
        mount(
                bus,
                id -> scope.announce(
                        new UndoStep.UnmountInside(init.pid(), init.startTicks(), bus.containerPath(), id)));
    }

    /** Read-only: a client can connect, and root in the container cannot change the socket's mode. */
    private void mount(Bus bus, LongConsumer id) {
        mounts.bind(init, new BindMount(filter.socket(container, bus), bus.containerPath(), true), id);
    }

    @Override
    public void adopt(ContainerSpec granted) {
        for (Bus bus : granted.buses()) {
            try {
                if (!filter.resume(container, bus, user, granted.rulesOf(bus))) {
                    mounts.unmountSocket(init, bus.containerPath());
                    mount(bus, id -> {});
                }
            } catch (SoftwareContainerException e) {
                LOG.warn("{}: the {} bus could not be taken over: {}, ignoring", container, bus, e.getMessage());
            }
        }
    }

    private void replace(Bus bus, List<BusRule> before, List<BusRule> rules, UndoScope scope) {
        scope.announce(new UndoStep.RestoreBusRules(container, bus, before));
        filter.replaceRules(container, bus, rules);
    }
}
