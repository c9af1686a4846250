package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.bus.PassedFile;
import com.pelagicore.softwarecontainer.cli.Console;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.util.Arrays;

/** The console by system calls: the JDK can neither pass its streams on nor change a terminal. */
public final class LinuxConsole implements Console {

    private static final int TERMIOS_BYTES = 128;
    private static final int FOREGROUND_POLL_MILLIS = 200;

    /** One of our own standard streams, which stays open. */
    private record Standard(int number) implements PassedFile {

        @Override
        public void close() {}
    }

    @Override
    public boolean isTerminal(Stream stream) {
        return ConsoleCalls.isatty(stream.number()) == 1;
    }

    /** Of a stream that is closed, somebody else would have the number by now. */
    @Override
    public PassedFile standard(Stream stream) {
        if (stream == Stream.INPUT) {
            // to read it in the background fails then; else the kernel would stop this process
            Pointer ignored = ConsoleCalls.signal(ConsoleCalls.SIGTTIN, ConsoleCalls.SIG_IGN);
        }
        boolean isOpen = ConsoleCalls.fcntl(stream.number(), ConsoleCalls.F_GETFD, 0) >= 0;
        return isOpen ? new Standard(stream.number()) : new OwnedDescriptor(OutputFile.openNull());
    }

    @Override
    public Size size(Stream stream) {
        short[] size = new short[4];
        if (ConsoleCalls.ioctl(stream.number(), ConsoleCalls.TIOCGWINSZ, size) < 0 || size[0] == 0 || size[1] == 0) {
            return new Size(24, 80);
        }
        return new Size(Short.toUnsignedInt(size[0]), Short.toUnsignedInt(size[1]));
    }

    @Override
    public Restore raw() {
        int terminal = Stream.INPUT.number();
        byte[] before = new byte[TERMIOS_BYTES];
        if (ConsoleCalls.tcgetattr(terminal, before) < 0) {
            return () -> {};
        }
        byte[] raw = Arrays.copyOf(before, before.length);
        ConsoleCalls.cfmakeraw(raw);
        // also if this process is ended in between
        Thread restore = new Thread(() -> ConsoleCalls.tcsetattr(terminal, ConsoleCalls.TCSADRAIN, before));
        Runtime.getRuntime().addShutdownHook(restore);
        ConsoleCalls.tcsetattr(terminal, ConsoleCalls.TCSADRAIN, raw);
        return () -> ConsoleCalls.tcsetattr(terminal, ConsoleCalls.TCSADRAIN, before);
    }

    @Override
    public void resize(PassedFile master, Size size) {
        short[] wanted = {(short) size.rows(), (short) size.columns(), 0, 0};
        // the program may just have ended
        int ignored = ConsoleCalls.ioctl(master.number(), PtyCalls.TIOCSWINSZ, wanted);
    }

    @Override
    public Pipe pipe() {
        int[] ends = new int[2];
        if (ConsoleCalls.pipe2(ends, LinkCalls.O_CLOEXEC) < 0) {
            throw Errno.refused("pipe2()");
        }
        return new Pipe(new OwnedDescriptor(new Descriptor(ends[0])), new OwnedDescriptor(new Descriptor(ends[1])));
    }

    /** A terminal whose other side is closed answers EIO (pts(4)), and so does ours in the background. */
    @Override
    public int read(PassedFile file, byte[] buffer) {
        while (true) {
            long count = ConsoleCalls.read(file.number(), buffer, buffer.length);
            if (count >= 0) {
                return count == 0 ? -1 : (int) count;
            }
            int error = Errno.last();
            if (error == Errno.EIO && file instanceof Standard terminal && isInBackground(terminal)) {
                awaitEndOf(terminal);
            } else if (error != Errno.EINTR) {
                return -1;
            }
        }
    }

    private static boolean isInBackground(Standard terminal) {
        int foreground = ConsoleCalls.tcgetpgrp(terminal.number());
        return foreground > 0 && foreground != ConsoleCalls.getpgrp();
    }

    /** Not for long: a shell tells nobody that it brings a job to the foreground that runs. */
    private static void awaitEndOf(Standard terminal) {
        int ignored = ConsoleCalls.poll(new int[] {terminal.number(), 0}, new NativeLong(1), FOREGROUND_POLL_MILLIS);
    }

    @Override
    public boolean write(PassedFile file, byte[] buffer, int count) {
        byte[] rest = buffer;
        int length = count;
        while (length > 0) {
            long written = ConsoleCalls.write(file.number(), rest, length);
            if (written < 0 && Errno.last() != Errno.EINTR) {
                return false;
            }
            if (written > 0) {
                rest = Arrays.copyOfRange(rest, (int) written, length);
                length -= (int) written;
            }
        }
        return true;
    }
}
