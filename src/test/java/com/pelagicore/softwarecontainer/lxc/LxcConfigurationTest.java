package com.pelagicore.softwarecontainer.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LxcConfigurationTest {

    private static final Path ROOT = Path.of("/run/softwarecontainer/SC-7/rootfs");
    private static final Path FILTER = Path.of("/var/lib/lxc/SC-7/seccomp");
    private static final LxcHost HOST = new LxcHost(
            Optional.of("lxc.cgroup2.pids.max"),
            new TreeMap<>(Map.of(Path.of("/usr"), true, Path.of("/lib64"), false)),
            new TreeMap<>(Map.of("max_user_namespaces", 0L)),
            Optional.empty());

    private static final Confinement CONFINED =
            new Confinement(false, Optional.empty(), true, Optional.of("tight"), OptionalInt.of(100));

    @Test
    void deniesAllDevicesAndThenAllowsTheStandardOnesWithEitherVersionOfCgroups() {
        for (Confinement each : List.of(CONFINED, Confinement.LEGACY)) {
            String text = LxcConfiguration.of(ROOT, FILTER, each, HOST);
            for (String version : List.of("cgroup", "cgroup2")) {
                assertThat(text)
                        .contains("\nlxc." + version + ".devices.deny = a\nlxc." + version
                                + ".devices.allow = c 1:3 rw\n")
                        .contains("\nlxc." + version + ".devices.allow = c 136:* rw\n")
                        .doesNotContain("10:229");
            }
        }
    }

    @Test
    void confines() {
        assertThat(LxcConfiguration.of(ROOT, FILTER, CONFINED, HOST).lines())
                .contains(
                        "lxc.rootfs.path = dir:" + ROOT,
                        "lxc.cap.keep = chown dac_override fowner kill net_bind_service net_raw setgid setpcap setuid"
                                + " sys_chroot",
                        "lxc.no_new_privs = 1",
                        "lxc.seccomp.profile = " + FILTER,
                        "lxc.apparmor.profile = tight",
                        "lxc.cgroup2.pids.max = 100",
                        "lxc.mount.entry = /usr usr none bind,ro,nosuid,nodev 0 0",
                        "lxc.mount.entry = /lib64 lib64 none bind,ro,nosuid,nodev 0 0");
    }

    @Test
    void theProfileForAppArmorAllowsTheSameCapabilities() throws IOException {
        List<String> allowed = Files.readAllLines(Path.of("conf/apparmor/lxc-softwarecontainer")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("capability "))
                .map(line -> line.replaceAll("capability |,", ""))
                .toList();

        assertThat(LxcConfiguration.of(ROOT, FILTER, CONFINED, HOST))
                .contains("\nlxc.cap.keep = " + String.join(" ", allowed) + "\n");
    }

    @Test
    void givesUsersOfItsOwn() {
        Confinement confinement = new Confinement(
                false, Optional.of(new IdRange(1_000_000, 65_536)), false, Optional.empty(), OptionalInt.empty());

        assertThat(LxcConfiguration.of(ROOT, FILTER, confinement, HOST).lines())
                .contains(
                        "lxc.idmap = u 0 1000000 65536",
                        "lxc.idmap = g 0 1000000 65536",
                        "lxc.sysctl.user.max_user_namespaces = 0",
                        "lxc.mount.entry = /usr usr none bind,ro,nosuid,nodev,idmap=container 0 0",
                        "lxc.mount.entry = /lib64 lib64 none bind,ro,nosuid,nodev 0 0");
    }

    @Test
    void doesWithoutWhatTheHostLacks() {
        Confinement less = new Confinement(false, Optional.empty(), false, Optional.empty(), OptionalInt.of(100));

        assertThat(LxcConfiguration.of(
                        ROOT,
                        FILTER,
                        less,
                        new LxcHost(Optional.empty(), new TreeMap<>(), new TreeMap<>(), Optional.empty())))
                .doesNotContain("seccomp", "apparmor", "pids", "/usr", "idmap", "sysctl");
    }

    @Test
    void givesLegacyContainersThePrivilegesOfEarlierReleases() {
        assertThat(LxcConfiguration.of(ROOT, FILTER, Confinement.LEGACY, HOST))
                .contains("\nlxc.cap.drop = mac_admin mac_override sys_module sys_rawio sys_time\n")
                .contains("\nlxc.mount.auto = proc:mixed sys:mixed\n")
                .contains("\nlxc.mount.entry = /usr usr none bind,ro 0 0\n")
                .doesNotContain("cap.keep", "no_new_privs", "seccomp", "apparmor", "pids");
    }
}
