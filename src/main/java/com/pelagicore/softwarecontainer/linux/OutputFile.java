package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.file.Path;

/**
 * Where the output of a process goes. A file that was made here is removed again unless {@link #keep} is
 * called; an existing file is not truncated here but by the new process, when nothing can be refused any more.
 */
final class OutputFile implements AutoCloseable {

    private static final Path NULL_DEVICE = Path.of("/dev/null");
    private static final int MODE = 0644;
    /** Without a reader a FIFO is an error (ENXIO), not a wait for ever. */
    private static final int FLAGS = LinkCalls.O_WRONLY
            | LinkCalls.O_CLOEXEC
            | LinkCalls.O_NOCTTY
            | LinkCalls.O_NONBLOCK
            | (int) Opening.NO_FOLLOW;

    private Descriptor descriptor;
    private final Descriptor input = openNull();
    private final Runnable removal;
    private boolean kept;

    /** @param removal takes the file away again if it was made here */
    OutputFile(Descriptor descriptor, Runnable removal) {
        this.descriptor = descriptor;
        this.removal = removal;
    }

    static Descriptor openNull() {
        return new Descriptor(open(FileName.of(NULL_DEVICE).terminated(), 2 | LinkCalls.O_CLOEXEC, NULL_DEVICE));
    }

    static OutputFile discarding() {
        return new OutputFile(openNull(), () -> {});
    }

    /** With the rights of root. */
    static OutputFile open(Path file) {
        byte[] path = FileName.of(file).terminated();
        int number = LinkCalls.open(path, FLAGS | LinkCalls.O_CREAT | LinkCalls.O_EXCL, MODE);
        boolean created = number >= 0;
        if (!created && Errno.last() == Errno.EEXIST) {
            number = open(path, FLAGS, file);
        } else if (!created) {
            throw refused(file, Errno.last());
        }
        Descriptor descriptor = new Descriptor(number);
        waitForReaders(descriptor);
        return new OutputFile(descriptor, created ? () -> LinkCalls.unlink(path) : () -> {});
    }

    /** From now on a FIFO that is full lets the process wait. */
    static void waitForReaders(Descriptor descriptor) {
        LinkCalls.fcntl(descriptor.number(), LinkCalls.F_SETFL, 0);
    }

    /**
     * Opens the same file by a mount on which it belongs to users of a container, in the place of the open one. So it
     * can be opened inside once more, as /dev/stderr is by many a script. A file system that cannot do that: nothing.
     */
    void showTo(Descriptor userNamespace) {
        try (Descriptor mount = DetachedMount.ofOpen(descriptor, "output file")) {
            int flags = LinkCalls.O_WRONLY | LinkCalls.O_CLOEXEC | LinkCalls.O_NOCTTY | LinkCalls.O_NONBLOCK;
            int number = DetachedMount.map(mount, userNamespace, 0)
                    ? LinkCalls.open(FileName.of(mount.path()).terminated(), flags, 0)
                    : -1;
            if (number >= 0) {
                descriptor.close();
                descriptor = new Descriptor(number);
                waitForReaders(descriptor);
            }
        }
    }

    private static int open(byte[] path, int flags, Path name) {
        int number = LinkCalls.open(path, flags, 0);
        if (number < 0) {
            throw refused(name, Errno.last());
        }
        return number;
    }

    static SoftwareContainerException refused(Path file, int errno) {
        String reason = errno == Errno.ELOOP ? "it is a symbolic link" : Errno.name(errno);
        return new SoftwareContainerException(
                ErrorKind.INVALID_ARGUMENT, "output file '" + file + "' cannot be opened: " + reason);
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** /dev/null, for reading and writing. */
    Descriptor input() {
        return input;
    }

    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        descriptor.close();
        input.close();
        if (!kept) {
            removal.run();
        }
    }
}
