package com.pelagicore.softwarecontainer.lxc;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.Optional;

/** Waits for the end of a process that is not our child, by pidfd_open(2): not fooled by a recycled pid. */
final class ProcessExit implements AutoCloseable {

    private static final long SYS_PIDFD_OPEN = 434;
    private static final short POLLIN = 1;

    private final int pidDescriptor;

    static {
        Native.register(ProcessExit.class, "c");
    }

    private ProcessExit(int pidDescriptor) {
        this.pidDescriptor = pidDescriptor;
    }

    /** The parent of a process of a container is LXC's monitor; empty if there is no such process. */
    static Optional<ProcessExit> ofParentOf(int pid) {
        return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).flatMap(parent -> {
            int descriptor = syscall(new NativeLong(SYS_PIDFD_OPEN), new NativeLong(parent.pid()), new NativeLong(0))
                    .intValue();
            return descriptor < 0 ? Optional.empty() : Optional.of(new ProcessExit(descriptor));
        });
    }

    /** True if it ended within the time. */
    boolean await(Duration timeout) {
        try (Memory set = new Memory(8)) {
            set.setInt(0, pidDescriptor);
            set.setInt(4, POLLIN);
            return poll(set, new NativeLong(1), Math.toIntExact(timeout.toMillis())) > 0;
        }
    }

    @Override
    public void close() {
        close(pidDescriptor);
    }

    private static native NativeLong syscall(NativeLong number, NativeLong pid, NativeLong flags);

    private static native int poll(Pointer set, NativeLong count, int timeoutMillis);

    private static native int close(int descriptor);
}
