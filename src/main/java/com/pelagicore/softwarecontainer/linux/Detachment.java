package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Takes a mount in a container away if the path still leads to the one that is meant: root in the container can move
 * directories and plant links, and would have covers of the kernel's settings taken off.
 */
final class Detachment implements NamespaceThread.Operation<Boolean> {

    private static final Path PROC = Path.of("/proc");
    private static final Path SYS = Path.of("/sys");

    private final Path containerPath;
    private final boolean throughLinks;
    private final Predicate<FileStatus> isMeant;

    private Detachment(Path containerPath, boolean throughLinks, Predicate<FileStatus> isMeant) {
        this.containerPath = containerPath;
        this.throughLinks = throughLinks;
        this.isMeant = isMeant;
    }

    /** Of the mount that has this id of the kernel's. */
    static Detachment ofMount(Path containerPath, long id) {
        return new Detachment(containerPath, true, found -> found.mountId() == id);
    }

    /** Of any socket. */
    static Detachment ofSocket(Path containerPath) {
        return new Detachment(containerPath, true, found -> found.type() == FileStatus.SOCKET);
    }

    /** Of what is at the path itself: without links it leads to no cover, nothing but a mount can be above /proc. */
    static Detachment asNamed(Path containerPath) {
        Path path = containerPath.normalize();
        boolean isCover = path.startsWith(PROC) || path.startsWith(SYS);
        return new Detachment(path, false, found -> !isCover);
    }

    /** The link below /proc leads to the open mount itself, whatever happens to the path meanwhile. */
    @Override
    public Boolean run(NamespaceThread.Entered entered) {
        int opened = open(entered.root());
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR || opened == -Errno.ELOOP) {
            return false;
        }
        try (Descriptor target = Opening.checked(opened, containerPath::toString)) {
            FileStatus found = FileStatus.of(target, containerPath.toString());
            if (!found.mountRoot()) {
                return false;
            }
            if (!isMeant.test(found)) {
                throw new SoftwareContainerException(
                        ErrorKind.ALREADY_EXISTS,
                        "'" + containerPath + "' in the container leads to another mount than the one to take away");
            }
            entered.commit();
            return detach(target);
        }
    }

    private int open(Descriptor root) {
        FileName path = FileName.of(containerPath);
        return throughLinks
                ? Opening.inRoot(root, path, Opening.PATH_ONLY)
                : Opening.inRootWithoutLinks(root, path, Opening.PATH_ONLY);
    }

    private boolean detach(Descriptor target) {
        byte[] link = FileName.of(target.path()).terminated();
        if (MountCalls.umount2(link, MountCalls.MNT_DETACH) == 0) {
            return true;
        }
        if (Errno.last() == Errno.EINVAL) {
            return false;
        }
        throw Errno.refused("umount2('" + containerPath + "')");
    }
}
