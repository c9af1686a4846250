package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What conf/apparmor denies by itself, to root with all privileges and none of the other pieces of confinement. For
 * the virtual machine of {@link VmIT}, whose kernel has AppArmor; there it stays loaded for the tests that follow.
 */
final class AppArmorProfile {

    static final String NAME = "lxc-softwarecontainer";

    @BeforeAll
    static void load() {
        assertThat(Programs.run("apparmor_parser", "-r", "-W", "conf/apparmor/" + NAME))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mount -t tmpfs none /mnt",
                "mount -o remount,ro /",
                "mount --bind /etc /mnt",
                "umount /host",
                "pivot_root /mnt /mnt",
                "unshare --mount mount -t tmpfs none /mnt",
                "echo h > /proc/sysrq-trigger",
                "echo 1 > /proc/sys/kernel/printk",
                "echo core > /proc/sys/kernel/core_pattern",
                "echo + > /sys/fs/cgroup/cgroup.subtree_control",
                "echo mem > /sys/power/state",
                "head -c 1 /proc/kallsyms",
                "head -c 1 /proc/kcore",
                "head -c 1 /sys/kernel/security/apparmor/profiles",
                "mknod /tmp/disk b 254 0",
                "nsenter --target 1 --mount true",
                "echo changeprofile unconfined > /proc/self/attr/current",
                "modprobe dummy",
                "date --set=@0",
                "ip link set lo down"
            })
    void denies(String attack) {
        assertThat(under(attack + " 2>&1 && echo done || echo denied")).endsWith("denied\n");
    }

    @Test
    void letsProgramsWork() {
        assertThat(
                        under(
                                "ls /etc > /tmp/list && grep -c passwd /tmp/list && sleep 100 & kill $! && cat /proc/self/attr/current"))
                .contains(NAME + " (enforce)");
    }

    private static String under(String script) {
        return Programs.run("aa-exec", "-p", NAME, "--", "sh", "-c", script);
    }
}
