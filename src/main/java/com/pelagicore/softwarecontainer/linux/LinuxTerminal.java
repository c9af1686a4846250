package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.process.OpenFile;
import com.pelagicore.softwarecontainer.process.Terminal;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import java.nio.charset.StandardCharsets;

/**
 * A pseudo-terminal from the devpts of a container. Nothing is opened by its name but the multiplexer, and that
 * only when it turned out to be one: names in the container are its own to change (CVE-2025-52565).
 */
final class LinuxTerminal implements Terminal {

    private static final FileName DEVPTS = FileName.of("/dev/pts");
    private static final FileName MULTIPLEXER = FileName.of("ptmx");
    /** Documentation/admin-guide/devices.txt of the kernel. */
    private static final long MULTIPLEXER_NUMBER = FileStatus.deviceNumber(5, 2);

    private static final int FLAGS = PtyCalls.O_RDWR | LinkCalls.O_NOCTTY | LinkCalls.O_CLOEXEC;

    private final Descriptor master;
    private final Descriptor slave;

    private LinuxTerminal(Descriptor master, Descriptor slave) {
        this.master = master;
        this.slave = slave;
    }

    static Terminal open(InitProcess init, TerminalSize size) {
        return NamespaceThread.call(init, MountCalls.CLONE_NEWNS, entered -> open(entered.root(), size));
    }

    private static LinuxTerminal open(Descriptor root, TerminalSize size) {
        int opened = Opening.inRoot(root, DEVPTS, Opening.PATH_ONLY | Opening.DIRECTORY);
        try (Descriptor devpts = Opening.checked(opened, DEVPTS::toString)) {
            Descriptor master = openMultiplexer(devpts);
            try {
                return new LinuxTerminal(master, openPeer(master, devpts, size));
            } catch (RuntimeException refused) {
                master.close();
                throw refused;
            }
        }
    }

    private static Descriptor openMultiplexer(Descriptor devpts) {
        int opened = Opening.child(devpts.number(), MULTIPLEXER, Opening.PATH_ONLY);
        try (Descriptor name = Opening.checked(opened, MULTIPLEXER::toString)) {
            FileStatus status = FileStatus.of(name, MULTIPLEXER.toString());
            if (status.type() != FileStatus.CHARACTER_DEVICE || status.deviceNumber() != MULTIPLEXER_NUMBER) {
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED, "'/dev/pts/ptmx' in the container is something else");
            }
            int number = PtyCalls.open((name.path() + "\0").getBytes(StandardCharsets.US_ASCII), FLAGS);
            if (number < 0) {
                throw refusedTerminal();
            }
            return new Descriptor(number);
        }
    }

    /** The mount option {@code max} is reached, or the kernel's limit of all terminals (pts(4)). */
    private static SoftwareContainerException refusedTerminal() {
        int errno = Errno.last();
        return errno == Errno.ENOSPC
                ? new SoftwareContainerException(ErrorKind.LIMIT_EXCEEDED, "the container has no more terminals")
                : Errno.refused("open('/dev/pts/ptmx')", errno);
    }

    /** In a user namespace the node would be nobody's: its owner is made that of the directory. */
    private static Descriptor openPeer(Descriptor master, Descriptor devpts, TerminalSize size) {
        int number = master.number();
        check(PtyCalls.ioctl(number, PtyCalls.TIOCSPTLCK, new int[] {0}), "ioctl(TIOCSPTLCK)");
        check(
                PtyCalls.ioctl(
                        number, PtyCalls.TIOCSWINSZ, new short[] {(short) size.rows(), (short) size.columns(), 0, 0}),
                "ioctl(TIOCSWINSZ)");
        Descriptor slave =
                new Descriptor(check(PtyCalls.ioctl(number, PtyCalls.TIOCGPTPEER, FLAGS), "ioctl(TIOCGPTPEER)"));
        try {
            int owner = FileStatus.of(devpts, DEVPTS.toString()).owner();
            check(PtyCalls.fchown(slave.number(), owner, -1), "fchown(terminal)");
            return slave;
        } catch (RuntimeException refused) {
            slave.close();
            throw refused;
        }
    }

    private static int check(int result, String call) {
        if (result < 0) {
            throw Errno.refused(call);
        }
        return result;
    }

    @Override
    public OpenFile master() {
        return new OpenFile(master.number());
    }

    @Override
    public OpenFile slave() {
        return new OpenFile(slave.number());
    }

    @Override
    public void closeSlave() {
        slave.close();
    }

    @Override
    public void close() {
        slave.close();
        master.close();
    }
}
