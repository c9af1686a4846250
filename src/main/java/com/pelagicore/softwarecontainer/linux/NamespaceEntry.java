package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.Optional;

/** Takes the calling thread, which must end afterwards, into namespaces of a process. */
final class NamespaceEntry {

    private static final FileName HOST_ROOT = FileName.of("/");
    private static final FileName HERE = FileName.of(".");

    private NamespaceEntry() {}

    /**
     * Where the thread is now.
     *
     * @param root directory of the process
     * @param ids of its users, empty: those of the host, or no mount namespace was entered
     */
    record Entry(Descriptor root, Optional<IdRange> ids) implements AutoCloseable {

        @Override
        public void close() {
            root.close();
        }
    }

    /**
     * Enters the namespaces; the root directory stays that of the host, the umask becomes 0. In a mount namespace
     * files are made as the root of the process' user namespace.
     */
    static Entry enter(InitProcess process, int namespaces) {
        long opened = MountCalls.syscall(MountCalls.SYS_PIDFD_OPEN, process.pid(), 0);
        if (opened < 0) {
            throw gone(process);
        }
        try (Descriptor pidfd = new Descriptor(Math.toIntExact(opened))) {
            boolean files = (namespaces & MountCalls.CLONE_NEWNS) != 0;
            Optional<IdRange> ids = files ? UserMap.of(process) : Optional.empty();
            Descriptor root = rootOf(process);
            try {
                enter(pidfd, namespaces);
                ids.ifPresent(range -> FileIdentity.assume(range.first()));
                return new Entry(root, ids);
            } catch (RuntimeException refused) {
                root.close();
                throw refused;
            }
        }
    }

    /** Enters a copy of the host's mount namespace. */
    static Entry enterCopy() {
        check(MountCalls.unshare(MountCalls.CLONE_NEWNS), "unshare(CLONE_NEWNS)");
        Descriptor root = Opening.checked(Opening.host(HOST_ROOT, Opening.PATH_ONLY | Opening.DIRECTORY), () -> "/");
        try {
            // or what is attached in the copy would appear on the host as well
            DetachedMount.restrict(root, 0);
            return new Entry(root, Optional.empty());
        } catch (RuntimeException refused) {
            root.close();
            throw refused;
        }
    }

    /** The start time is compared last: if it is right, the pid was the process' own all the while. */
    private static Descriptor rootOf(InitProcess process) {
        int root = Opening.host(FileName.of("/proc/" + process.pid() + "/root"), Opening.PATH_ONLY | Opening.DIRECTORY);
        if (root < 0) {
            throw gone(process);
        }
        Descriptor descriptor = new Descriptor(root);
        if (!process.isAlive()) {
            descriptor.close();
            throw gone(process);
        }
        return descriptor;
    }

    private static void enter(Descriptor pidfd, int namespaces) {
        try (Descriptor hostRoot =
                Opening.checked(Opening.host(HOST_ROOT, Opening.PATH_ONLY | Opening.DIRECTORY), () -> "/")) {
            check(MountCalls.unshare(MountCalls.CLONE_FS), "unshare(CLONE_FS)");
            check(MountCalls.setns(pidfd.number(), namespaces), "setns(pidfd)");
            // setns(2) to a mount namespace also moves root and working directory there
            check(FileCalls.fchdir(hostRoot.number()), "fchdir(/)");
            check(MountCalls.chroot(HERE.terminated()), "chroot(/)");
            MountCalls.umask(0);
        }
    }

    private static void check(int result, String call) {
        if (result < 0) {
            throw Errno.refused(call);
        }
    }

    private static SoftwareContainerException gone(InitProcess process) {
        return new SoftwareContainerException(
                ErrorKind.WRONG_STATE, "the container's init, process " + process.pid() + ", is gone");
    }
}
