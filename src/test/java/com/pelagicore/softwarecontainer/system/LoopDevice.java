package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A loop device that the kernel has because of the test: it comes and goes with uevents, as if plugged. */
final class LoopDevice implements AutoCloseable {

    /** See linux/loop.h. */
    private static final int LOOP_CTL_ADD = 0x4C80;

    private static final int LOOP_CTL_REMOVE = 0x4C81;

    private final int number;

    private LoopDevice(int number) {
        this.number = number;
    }

    /** One of a number that nobody uses; tests run side by side. */
    static LoopDevice plug() {
        for (int number = 100; number < 200; number++) {
            if (!Files.exists(Path.of("/sys/block/loop" + number))) {
                LoopDevice device = new LoopDevice(number);
                device.plugAgain();
                return device;
            }
        }
        throw new IllegalStateException("no free number for a loop device");
    }

    void plugAgain() {
        control(LOOP_CTL_ADD);
    }

    void unplug() {
        control(LOOP_CTL_REMOVE);
    }

    Path path() {
        return Path.of("/dev/loop" + number);
    }

    /** As `stat -c %t:%T` prints it: type and numbers in hexadecimal digits. */
    String numbers() {
        return "7:" + Integer.toHexString(number);
    }

    void changePermissions(String permissions) {
        try {
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As udev has it done: with an event. */
    void announceChange() {
        try {
            Files.writeString(Path.of("/sys/block/loop" + number + "/uevent"), "change");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void control(int command) {
        Programs.run(
                "python3",
                "-c",
                "import fcntl, sys; fcntl.ioctl(open('/dev/loop-control'), int(sys.argv[1]), int(sys.argv[2]))",
                Integer.toString(command),
                Integer.toString(number));
    }

    @Override
    public void close() {
        if (Files.exists(Path.of("/sys/block/loop" + number))) {
            unplug();
        }
    }
}
