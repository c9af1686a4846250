package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.List;

/**
 * How to take back one change to the host. Data: it is written to disk before the change is made, and may be
 * run by a later agent, twice, or for a change that was never made.
 */
public sealed interface UndoStep {

    void undo(Undoer undoer);

    /** False: it is about a running container; when that is gone, its pid may be that of somebody else. */
    default boolean outlivesProcesses() {
        return true;
    }

    record Unmount(Path hostPath) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.unmount(hostPath);
        }
    }

    record DeleteTree(Path hostPath) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.deleteTree(hostPath);
        }
    }

    /**
     * Kills all processes of a container.
     *
     * @param marker stands in the definition if it is ours
     */
    record StopContainer(String name, String marker) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.stopContainer(name, marker);
        }
    }

    /**
     * Removes the LXC definition of a container.
     *
     * @param marker stands in the definition if it is ours
     */
    record UndefineContainer(String name, String marker) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.undefineContainer(name, marker);
        }
    }

    /**
     * Detaches a mount in a container. Any other that the path leads to by then stays: the container may have moved
     * directories.
     *
     * @param initStartTicks field 22 of proc(5) /proc/PID/stat: without it a recycled pid would be entered
     * @param mount the kernel's id of it, or {@link #UNKNOWN}
     */
    record UnmountInside(long initPid, long initStartTicks, Path containerPath, long mount) implements UndoStep {
        /** Of a journal whose agent did not write it down. */
        public static final long UNKNOWN = 0;

        @Override
        public void undo(Undoer undoer) {
            undoer.unmountInside(initPid, initStartTicks, containerPath, mount);
        }

        @Override
        public boolean outlivesProcesses() {
            return false;
        }
    }

    /**
     * Writes what a file of ours in a container had in it before.
     *
     * @param initStartTicks as in {@link UnmountInside}
     */
    record WriteInside(long initPid, long initStartTicks, Path containerPath, String content) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.writeInside(initPid, initStartTicks, containerPath, content);
        }

        @Override
        public boolean outlivesProcesses() {
            return false;
        }
    }

    /**
     * Stops watching a file of the host. It ends with the agent, too.
     *
     * @param name of the watch
     */
    record EndWatch(String name) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.endWatch(name);
        }
    }

    /** Removes a device node in a container, unless another device is there by now. */
    record RemoveNode(long initPid, long initStartTicks, Path containerPath, DeviceNumber number) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.removeNode(initPid, initStartTicks, containerPath, number);
        }

        @Override
        public boolean outlivesProcesses() {
            return false;
        }
    }

    /** Gives a device node in a container the permissions that it had. */
    record RestoreNode(long initPid, long initStartTicks, Path containerPath, DeviceNumber number, int permissionBits)
            implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.restoreNode(initPid, initStartTicks, containerPath, number, permissionBits);
        }

        @Override
        public boolean outlivesProcesses() {
            return false;
        }
    }

    /**
     * Writes to a control group of a container what makes a change undone; nothing if the container is gone.
     *
     * @param marker stands in the definition if it is ours
     */
    record RestoreCgroup(String name, String marker, String key, String value) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.restoreCgroup(name, marker, key, value);
        }
    }

    /**
     * Takes a container's network away, and with the last one what was made for them all.
     *
     * @param container its id
     * @param bridge device name
     */
    record DetachNetwork(int container, String bridge) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.detachNetwork(container, bridge);
        }
    }

    /**
     * Puts back the network rules that a running container had before they were extended.
     *
     * @param initStartTicks as in {@link UnmountInside}
     */
    record RestoreNetwork(int container, long initPid, long initStartTicks) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.restoreNetwork(container, initPid, initStartTicks);
        }

        @Override
        public boolean outlivesProcesses() {
            return false;
        }
    }

    /** Carries a write buffer over to the directory that it stands for. */
    record WriteBack(Path upper, Path lower) implements UndoStep {
        /** Whether one of the directories that they write to is in the other. */
        boolean meets(WriteBack other) {
            return lower.startsWith(other.lower) || other.lower.startsWith(lower);
        }

        @Override
        public void undo(Undoer undoer) {
            undoer.writeBack(upper, lower);
        }
    }

    /** Takes a bus of the host away from a container. */
    record CloseBus(String container, Bus bus) implements UndoStep {
        @Override
        public void undo(Undoer undoer) {
            undoer.closeBus(container, bus);
        }
    }

    /** Sets the rules of a container on a bus back to what they were. */
    record RestoreBusRules(String container, Bus bus, List<BusRule> rules) implements UndoStep {
        public RestoreBusRules {
            rules = List.copyOf(rules);
        }

        @Override
        public void undo(Undoer undoer) {
            undoer.restoreBusRules(container, bus, rules);
        }
    }
}
