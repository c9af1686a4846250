package com.pelagicore.softwarecontainer.lxc;

import com.pelagicore.softwarecontainer.container.ControlGroups;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Through liblxc: it finds the group, and on cgroup v2 has its monitor replace the program that judges devices. */
public final class LxcControlGroups implements ControlGroups {

    /** What the kernel's controllers answer (asm-generic/errno-base.h, errno.h). */
    private static final Map<Integer, String> REASONS = Map.of(
            1, "EPERM",
            2, "ENOENT, this host has no such controller or key",
            5, "EIO",
            13, "EACCES",
            16, "EBUSY",
            19, "ENODEV",
            22, "EINVAL",
            28, "ENOSPC",
            34, "ERANGE");

    private final Liblxc liblxc = new Liblxc();
    private final Path lxcPath;

    /** {@code lxcPath} must be literally the one that containers are started with. */
    public LxcControlGroups(Path lxcPath) {
        this.lxcPath = lxcPath;
    }

    @Override
    public Optional<String> read(String name, String key) {
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            return container.cgroupItem(key);
        }
    }

    @Override
    public void set(String name, String key, String value) {
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            set(container, key, value);
        }
    }

    private static void set(Liblxc.Handle container, String key, String value) {
        if (!container.setCgroupItem(key, value)) {
            int errno = Native.getLastError();
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED,
                    "the control group refuses '" + key + "' = '" + value.strip() + "': "
                            + REASONS.getOrDefault(errno, "errno " + errno));
        }
    }

    @Override
    public void restore(String name, String marker, String key, String value) {
        if (!new LxcDefinition(lxcPath, name).carries(marker)) {
            return;
        }
        try (Liblxc.Handle container = liblxc.open(name, lxcPath)) {
            if (container.initPid() > 0) {
                set(container, key, value);
            }
        }
    }
}
