package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.file.Path;

/**
 * What somebody who is not root mounts. It is opened beneath the directory that the administrator allows, so
 * that no link leads out, also if links are exchanged meanwhile; nor does a mount, behind which a file system of
 * the caller's (FUSE) might wait.
 */
final class LimitedSource {

    private LimitedSource() {}

    /** A detached mount that cannot give anybody a device. */
    static Descriptor open(Path directory, BindMount mount) {
        try (Descriptor limit = Opening.checked(
                        Opening.host(FileName.of(directory), Opening.PATH_ONLY | Opening.DIRECTORY),
                        directory::toString);
                Descriptor source = source(limit, directory, mount.hostPath())) {
            if (!mount.readOnly()) {
                requireNoSetUid(source, mount.hostPath());
            }
            return withoutDevices(DetachedMount.ofOpen(source, mount.hostPath().toString()));
        }
    }

    private static Descriptor withoutDevices(Descriptor mount) {
        try {
            DetachedMount.restrict(mount, MountCalls.MOUNT_ATTR_NODEV);
            return mount;
        } catch (RuntimeException e) {
            mount.close();
            throw e;
        }
    }

    private static Descriptor source(Descriptor limit, Path directory, Path hostPath) {
        Path rest = directory.relativize(hostPath.normalize());
        int opened = Opening.within(limit, rest.toString().isEmpty() ? FileName.of(Path.of(".")) : FileName.of(rest));
        if (opened == -Errno.EXDEV || opened == -Errno.ELOOP) {
            throw new SoftwareContainerException(
                    ErrorKind.ACCESS_DENIED,
                    "'" + hostPath + "' leads out of '" + directory + "' or onto another file system");
        }
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
            throw new SoftwareContainerException(ErrorKind.NOT_FOUND, "'" + hostPath + "' does not exist on the host");
        }
        return Opening.checked(opened, hostPath::toString);
    }

    /** Root in a container could leave a file there by which the caller becomes root on the host. */
    private static void requireNoSetUid(Descriptor source, Path hostPath) {
        if (!FileSystemStatus.of(source, hostPath.toString()).ignoresSetUid()) {
            throw new SoftwareContainerException(
                    ErrorKind.ACCESS_DENIED,
                    "only root may mount '" + hostPath + "' for writing: its file system is not mounted nosuid");
        }
    }
}
