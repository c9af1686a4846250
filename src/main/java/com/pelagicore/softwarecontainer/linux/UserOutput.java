package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.HostUser;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import java.nio.file.Path;

/** Output files of users other than root: opened, made and removed again with their rights. */
final class UserOutput {

    private static final long FLAGS = Opening.WRITE_ONLY | LinkCalls.O_NOCTTY | LinkCalls.O_NONBLOCK;
    private static final int MODE = 0644;

    private final UserThread threads = new UserThread();

    OutputFile open(OutputTarget target) {
        HostUser user = target.user();
        Path path = target.hostPath();
        Opened opened = threads.call(user, () -> open(path));
        return new OutputFile(opened.descriptor(), opened.created() ? () -> remove(user, path) : () -> {});
    }

    private record Opened(Descriptor descriptor, boolean created) implements AutoCloseable {
        @Override
        public void close() {
            descriptor.close();
        }
    }

    private static Opened open(Path path) {
        FileName name = FileName.of(path);
        int number = Opening.userFile(name, FLAGS | Opening.CREATE | Opening.EXCLUSIVE, MODE);
        boolean created = number >= 0;
        if (number == -Errno.EEXIST) {
            number = Opening.userFile(name, FLAGS, 0);
        }
        if (number < 0) {
            throw OutputFile.refused(path, -number);
        }
        Descriptor descriptor = new Descriptor(number);
        try {
            requireNoProcessFile(descriptor, path);
            OutputFile.waitForReaders(descriptor);
            return new Opened(descriptor, created);
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** In /proc the kernel asks who the process is, and that is the agent. */
    private static void requireNoProcessFile(Descriptor descriptor, Path path) {
        if (FileSystemStatus.of(descriptor, path.toString()).isProc()) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "output file '" + path + "' cannot be opened: it is in /proc");
        }
    }

    /** What is at the path by now: the user could remove it as well. */
    private void remove(HostUser user, Path path) {
        threads.call(user, () -> {
            LinkCalls.unlink(FileName.of(path).terminated());
            return (AutoCloseable) () -> {};
        });
    }
}
