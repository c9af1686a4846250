package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.Specs.always;
import static com.pelagicore.softwarecontainer.container.Specs.outgoing;
import static com.pelagicore.softwarecontainer.container.Specs.readOnly;
import static com.pelagicore.softwarecontainer.container.Specs.variable;
import static com.pelagicore.softwarecontainer.container.Specs.writable;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.rootfs.DeviceFile;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.SocketMount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A host with a container, and an agent that dies. */
final class CrashTrial {

    static final Path DEVICE = Path.of("/dev/a");
    static final Path OTHER_DEVICE = Path.of("/dev/b");

    final Options options;
    private final Crashes crashes = new Crashes();
    final ModelHost host;
    final Path data;
    private final Path socket;
    final ModelHost.Snapshot empty;
    Containers containers;

    CrashTrial(Path directory, Options options) {
        this.options = options;
        data = directory.resolve("data");
        socket = directory.resolve("socket");
        host = new ModelHost(directory, crashes.journals());
        host.calls.observe(call -> crashes.step());
        host.cgroups.defaults.put("memory.max", "max");
        host.devices.onHost.put(DEVICE, device(1));
        host.devices.onHost.put(OTHER_DEVICE, device(2));
        empty = host.snapshot();
        containers = new Containers(host.containerHost(), new RecordingListener());
        containers.create(options.value());
    }

    Container container() {
        return containers.get(0);
    }

    void grant() {
        container()
                .grant(
                        Set.of("a"),
                        always(
                                variable("A", "1"),
                                writable(data, "/data"),
                                new SocketMount(socket, Path.of("/socket"), "test"),
                                DeviceNode.asOnHost(DEVICE),
                                new CgroupSetting("memory.max", "1000"),
                                outgoing("10.0.0.1"),
                                rule(Bus.SYSTEM, "a.b")));
    }

    void grantMore() {
        container()
                .grant(
                        Set.of("b"),
                        always(
                                variable("A", "2"),
                                writable(data, "/data"),
                                readOnly(data, "/more"),
                                new SocketMount(socket, Path.of("/socket"), "test"),
                                new SocketMount(socket, Path.of("/socket2"), "test"),
                                DeviceNode.withPermissions(DEVICE, 0777),
                                DeviceNode.asOnHost(OTHER_DEVICE),
                                new CgroupSetting("memory.max", "2000"),
                                outgoing("10.0.0.1"),
                                outgoing("10.0.0.2"),
                                rule(Bus.SYSTEM, "a.b"),
                                rule(Bus.SYSTEM, "a.c"),
                                rule(Bus.SESSION, "a.b")));
    }

    private BusRule rule(Bus bus, String name) {
        return new BusRule(bus, BusRule.Direction.BOTH, name, "*", List.of("*"));
    }

    /** Whether it came to that. */
    boolean dieAfter(int steps, Runnable action) {
        crashes.liveFor(steps);
        try {
            action.run();
        } catch (Crashes.Dead dead) {
            return true;
        }
        return crashes.isDead();
    }

    void loseAgent() {
        host.loseAgent();
    }

    void restart(Recovery recovery) {
        loseAgent();
        crashes.liveOn();
        recover(recovery);
    }

    void end() {
        containers.ids().forEach(id -> containers.destroy(containers.get(id.value())));
    }

    void recover(Recovery recovery) {
        containers = new Containers(host.containerHost(), new RecordingListener());
        host.rootfs().removeLeftovers(containers.recover(recovery));
    }

    /** What clients and contained programs can tell of the host; not what is random or in a journal. */
    Object visible() {
        ModelHost.Snapshot now = host.snapshot();
        Map<String, Object> all = new TreeMap<>();
        all.put("mounts", now.mounts());
        all.put(
                "containers",
                new TreeMap<>(host.runtime.running()).toString()
                        + now.defined().stream().sorted().toList());
        all.put("frozen", host.runtime.frozen());
        all.put(
                "inside",
                now.mountedInside().stream()
                        .map(each -> each.init() + " " + each.mount() + " " + each.upper())
                        .sorted()
                        .toList());
        all.put("devices", now.devicesInside());
        all.put("cgroups", now.cgroups());
        all.put("network", now.networks());
        all.put("links", now.openLinks());
        all.put("watches", now.watches());
        all.put("buses", new TreeMap<>(now.buses()));
        all.put(
                "environment",
                host.runtime.running().values().stream()
                        .map(init -> host.containerMounts
                                .file(init, Path.of("/gateways/env"))
                                .orElse(""))
                        .toList());
        all.put("files", now.files().keySet().stream().toList());

        all.put(
                "granted",
                containers.ids().stream()
                        .map(id -> containers.get(id.value()).grantedCapabilities())
                        .toList());
        return all;
    }

    static DeviceFile device(int minor) {
        return new DeviceFile(new DeviceNumber(false, 10, minor), 0660, 0, 0);
    }
}
