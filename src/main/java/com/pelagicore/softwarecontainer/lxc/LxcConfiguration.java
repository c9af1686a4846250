package com.pelagicore.softwarecontainer.lxc;

import com.pelagicore.softwarecontainer.container.StandardDevices;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is in the configuration of a container, lxc.container.conf(5). */
final class LxcConfiguration {

    /**
     * Privileges of root over what is the container's own. None that reaches beyond it, changes mounts, devices or
     * limits, traces init, or (setfcap, fsetid) makes programs in mounted directories that hand on root's rights.
     */
    private static final String KEPT_CAPABILITIES =
            "chown dac_override fowner kill net_bind_service net_raw setgid setpcap setuid sys_chroot";

    /** What LXC's own templates drop: a container with any of these is the host. */
    private static final String DROPPED_LEGACY_CAPABILITIES = "mac_admin mac_override sys_module sys_rawio sys_time";

    /** Denied at first, as cgroup v1 and v2 begin with all allowed; each reads its own keys and ignores the other's. */
    private static final String DEVICE_RULES = Stream.of("lxc.cgroup.devices.", "lxc.cgroup2.devices.")
            .flatMap(key -> Stream.concat(
                    Stream.of(key + "deny = a\n"),
                    StandardDevices.rules().stream().map(rule -> key + "allow = " + rule + " rw\n")))
            .collect(Collectors.joining());

    /** The score of the agent, which the kernel is to spare when memory runs out, would be inherited. */
    private static final String COMMON =
            """
            lxc.uts.name = contained
            lxc.rootfs.path = dir:%s
            lxc.init.cmd = /sbin/init
            lxc.signal.halt = SIGKILL
            lxc.autodev = 0
            lxc.tty.max = 0
            lxc.pty.max = 256
            lxc.console.path = none
            lxc.proc.oom_score_adj = 0
            lxc.net.0.type = empty
            lxc.net.0.flags = up
            lxc.mount.entry = shm dev/shm tmpfs nosuid,nodev 0 0
            """;

    private static final String LEGACY =
            """
            lxc.cap.drop = %s
            lxc.mount.auto = proc:mixed sys:mixed
            """;

    /** What is to be read-only in proc is made so from outside, when LXC has written its settings there. */
    private static final String CONFINED =
            """
            lxc.cap.keep = %s
            lxc.no_new_privs = 1
            lxc.mount.auto = proc:rw sys:ro
            """;

    private final StringBuilder text = new StringBuilder();

    private LxcConfiguration() {}

    /**
     * The text.
     *
     * @param seccompProfile file that there will be
     * @param host what the keys depend on
     */
    static String of(Path rootfs, Path seccompProfile, Confinement confinement, LxcHost host) {
        LxcConfiguration configuration = new LxcConfiguration();
        configuration.text.append(COMMON.formatted(rootfs));
        host.cgroupParent().ifPresent(parent -> configuration.add(LxcDefinition.CGROUP_PARENT, parent));
        configuration.text.append(
                confinement.legacy()
                        ? LEGACY.formatted(DROPPED_LEGACY_CAPABILITIES)
                        : CONFINED.formatted(KEPT_CAPABILITIES));
        configuration.addHostDirectories(confinement, host);
        confinement.ids().ifPresent(ids -> configuration.addUsers(ids, host));
        if (confinement.systemCallFilter()) {
            configuration.add("lxc.seccomp.profile", seccompProfile.toString());
        }
        confinement.appArmorProfile().ifPresent(profile -> configuration.add("lxc.apparmor.profile", profile));
        confinement.processLimit().ifPresent(limit -> host.processLimitKey()
                .ifPresent(key -> configuration.add(key, Integer.toString(limit))));
        return configuration.text + DEVICE_RULES;
    }

    private void add(String key, String value) {
        text.append(key).append(" = ").append(value).append('\n');
    }

    private void addHostDirectories(Confinement confinement, LxcHost host) {
        String options = confinement.legacy() ? "bind,ro" : "bind,ro,nosuid,nodev";
        host.directories().forEach((directory, mappable) -> {
            String mapping = mappable && confinement.ids().isPresent() ? ",idmap=container" : "";
            String place = directory.toString().substring(1);
            add("lxc.mount.entry", directory + " " + place + " none " + options + mapping + " 0 0");
        });
    }

    private void addUsers(IdRange ids, LxcHost host) {
        add("lxc.idmap", "u 0 " + ids.first() + " " + ids.count());
        add("lxc.idmap", "g 0 " + ids.first() + " " + ids.count());
        host.limits().forEach((name, limit) -> add("lxc.sysctl.user." + name, limit.toString()));
    }
}
