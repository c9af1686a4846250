package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Devices of the host: a node each, and the right to use it. Follows devices that go and come back. */
final class DevicePart implements GrantPart {

    private static final Logger LOG = LoggerFactory.getLogger(DevicePart.class);

    private static final String ALLOW = "devices.allow";
    private static final String DENY = "devices.deny";

    private final DevicePorts ports;
    private final String name;
    private final String marker;
    private final InitProcess init;
    private final UndoJournal journal;

    /** What was given last; of paths that are not granted (any more) it says nothing. */
    private final Map<Path, DeviceFile> given = new HashMap<>();

    /** As in the journal: whatever was allowed has to be taken away also if the device goes while there is no agent. */
    private final Map<Path, DeviceNumber> noted;

    DevicePart(DevicePorts ports, StartedContainer container) {
        this.ports = ports;
        this.name = container.journal().header().container();
        this.marker = container.journal().header().marker();
        this.init = container.init();
        this.journal = container.journal();
        this.noted = new TreeMap<>(JournalFacts.devices(journal));
    }

    /**
     * A device that can be given.
     *
     * @param present the node of this device that is in the container already
     */
    private record Plan(Path path, DeviceFile wanted, Optional<DeviceFile> present) {}

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        List<Plan> plans =
                wanted.devicesBeyond(granted).stream().map(this::plan).toList();
        return scope -> {
            Set<DeviceNumber> allowed = givenNumbers(granted);
            plans.forEach(plan -> give(plan, allowed, scope));
            if (!plans.isEmpty()) {
                JournalFacts.noteDevices(noted, scope);
            }
        };
    }

    private Plan plan(DeviceNode device) {
        Path path = device.path();
        DeviceFile onHost = ports.nodes()
                .onHost(path)
                .orElseThrow(() -> new SoftwareContainerException(
                        ErrorKind.NOT_FOUND, "device '" + path + "' does not exist on the host"));
        Optional<DeviceFile> present = ports.nodes().inContainer(init, path);
        if (present.isPresent() && !present.get().number().equals(onHost.number())) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "'" + path + "' in the container is another device, "
                            + present.get().number() + " and not " + onHost.number());
        }
        int bits = device.permissionBitsUpon(onHost.permissionBits());
        return new Plan(path, present.orElse(onHost).withPermissionBits(bits), present);
    }

    private void give(Plan plan, Set<DeviceNumber> allowed, UndoScope scope) {
        DeviceNumber number = plan.wanted().number();
        if (!StandardDevices.contain(number) && allowed.add(number)) {
            scope.announce(new UndoStep.RestoreCgroup(name, marker, DENY, rule(number)));
            ports.cgroups().set(name, ALLOW, rule(number));
        }
        if (plan.present().isEmpty()) {
            scope.announce(new UndoStep.RemoveNode(init.pid(), init.startTicks(), plan.path(), number));
            ports.nodes().place(init, plan.path(), plan.wanted());
        } else if (!plan.present().get().equals(plan.wanted())) {
            int bits = plan.present().get().permissionBits();
            scope.announce(new UndoStep.RestoreNode(init.pid(), init.startTicks(), plan.path(), number, bits));
            ports.nodes().place(init, plan.path(), plan.wanted());
        }
        given.put(plan.path(), plan.wanted());
        noted.put(plan.path(), number);
    }

    /** A node that is as it was gets its permission once more: the earlier agent may have got as far as noting it. */
    @Override
    public void adopt(ContainerSpec granted) {
        noted.forEach((path, number) -> given.put(path, new DeviceFile(number, 0, 0, 0)));
        try {
            for (Path path : granted.devices().keySet()) {
                onHostNow(path)
                        .map(DeviceFile::number)
                        .filter(number -> number.equals(noted.get(path)))
                        .ifPresent(this::allow);
            }
            renew(granted);
        } catch (SoftwareContainerException e) {
            LOG.warn("{}: the devices could not be renewed: {}, ignoring", name, e.getMessage());
        }
    }

    /**
     * Makes good what changed on the host since: a device that went is taken away, so that nobody else's gets
     * into the container with its numbers; one that came back is given again. There is nothing to undo: it is all
     * gone when the container is.
     */
    void renew(ContainerSpec granted) {
        for (DeviceNode device : granted.devices().values()) {
            Optional<DeviceFile> wanted = onHostNow(device.path())
                    .map(file -> file.withPermissionBits(device.permissionBitsUpon(file.permissionBits())));
            Optional<DeviceFile> had = Optional.ofNullable(given.get(device.path()));
            if (!wanted.equals(had)) {
                had.filter(file -> wanted.map(DeviceFile::number)
                                .filter(file.number()::equals)
                                .isEmpty())
                        .ifPresent(file -> takeAway(device.path(), file.number(), granted));
                wanted.ifPresent(file -> giveAgain(device.path(), file, granted));
            }
        }
    }

    /** Something of that name that is no device is not the device that was granted. */
    private Optional<DeviceFile> onHostNow(Path path) {
        try {
            return ports.nodes().onHost(path);
        } catch (SoftwareContainerException e) {
            return Optional.empty();
        }
    }

    private void takeAway(Path path, DeviceNumber number, ContainerSpec granted) {
        boolean hasOtherName = given.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(path)
                        && granted.devices().containsKey(entry.getKey())
                        && entry.getValue().number().equals(number));
        if (!StandardDevices.contain(number) && !hasOtherName) {
            ports.cgroups().set(name, DENY, rule(number));
        }
        ports.nodes().remove(init, path, number);
        // last: what was refused is tried again with the next event
        given.remove(path);
    }

    private void giveAgain(Path path, DeviceFile file, ContainerSpec granted) {
        if (!file.number().equals(noted.put(path, file.number()))) {
            JournalFacts.noteDevices(noted, journal);
        }
        if (!givenNumbers(granted).contains(file.number())) {
            allow(file.number());
        }
        ports.nodes().place(init, path, file);
        given.put(path, file);
    }

    private void allow(DeviceNumber number) {
        if (!StandardDevices.contain(number)) {
            ports.cgroups().set(name, ALLOW, rule(number));
        }
    }

    /** Numbers of those devices of a spec that the container has. */
    Set<DeviceNumber> givenNumbers(ContainerSpec granted) {
        Set<DeviceNumber> numbers = new HashSet<>();
        given.forEach((path, file) -> {
            if (granted.devices().containsKey(path)) {
                numbers.add(file.number());
            }
        });
        return numbers;
    }

    private static String rule(DeviceNumber number) {
        return number + " rw";
    }
}
