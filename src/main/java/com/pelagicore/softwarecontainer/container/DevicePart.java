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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Devices of the host: a node each, and the right to use it. Follows devices that go and come back. */
final class DevicePart implements GrantPart {

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

    /**
     * {@link #renew} is to follow. A device that is as it was is given once more: the earlier agent may have got as far
     * as noting it.
     */
    @Override
    public void adopt(ContainerSpec granted) {
        noted.forEach((path, number) -> {
            boolean asItWas = granted.devices().containsKey(path)
                    && onHostNow(path).map(DeviceFile::number).equals(Optional.of(number));
            if (!asItWas) {
                given.put(path, new DeviceFile(number, 0, 0, 0));
            }
        });
    }

    /** @param had empty: nothing is given at the path; {@code wanted} empty: the device went */
    private record Change(Path path, Optional<DeviceFile> had, Optional<DeviceFile> wanted) {

        boolean isOfAnotherDevice() {
            return had.isPresent() && !had.map(DeviceFile::number).equals(wanted.map(DeviceFile::number));
        }
    }

    /**
     * Makes good what changed on the host since: a device that went is taken away, so that nobody else's gets
     * into the container with its numbers; one that came back is given again. There is nothing to undo: it is all
     * gone when the container is. Not while a scope of the journal is open.
     *
     * @throws RuntimeException the first one, when all was tried; what is not done is tried again the next time
     */
    void renew(ContainerSpec granted) {
        List<Change> changes = new ArrayList<>();
        granted.devices().values().stream()
                .map(this::change)
                .filter(change -> !change.wanted().equals(change.had()))
                .forEach(changes::add);
        Attempts attempts = new Attempts();
        // first of all what went: the number of one may be that of another by now
        changes.removeIf(change -> change.isOfAnotherDevice()
                && !attempts.succeeds(
                        () -> takeAway(change.path(), change.had().get().number(), granted)));
        changes.forEach(change ->
                change.wanted().ifPresent(file -> attempts.succeeds(() -> giveAgain(change.path(), file, granted))));
        attempts.end();
    }

    private Change change(DeviceNode device) {
        Optional<DeviceFile> wanted = onHostNow(device.path())
                .map(file -> file.withPermissionBits(device.permissionBitsUpon(file.permissionBits())));
        return new Change(device.path(), Optional.ofNullable(given.get(device.path())), wanted);
    }

    /** Only takes away what went, of a container of which not all is known: also what was given half. */
    void takeAway(ContainerSpec granted) {
        Attempts attempts = new Attempts();
        Map.copyOf(given).forEach((path, file) -> {
            if (!onHostNow(path).map(DeviceFile::number).equals(Optional.of(file.number()))) {
                attempts.succeeds(() -> takeAway(path, file.number(), granted));
            }
        });
        attempts.end();
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
        DeviceNumber number = file.number();
        if (!number.equals(noted.get(path))) {
            noted.put(path, number);
            JournalFacts.noteDevices(noted, journal);
        }
        boolean allowed =
                StandardDevices.contain(number) || givenNumbers(granted).contains(number);
        if (!allowed) {
            ports.cgroups().set(name, ALLOW, rule(number));
        }
        try {
            ports.nodes().place(init, path, file);
        } catch (RuntimeException e) {
            if (!allowed) {
                denyAgain(number, e);
            }
            throw e;
        }
        given.put(path, file);
    }

    /** Who has no node is not to have the number of one either. */
    private void denyAgain(DeviceNumber number, RuntimeException cause) {
        try {
            ports.cgroups().set(name, DENY, rule(number));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
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
