package com.pelagicore.softwarecontainer.lxc;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The part of liblxc that asks a running container's monitor over its command socket and forks nothing. The
 * methods of {@code struct lxc_container} are function pointers in it; lxccontainer.h only ever appends to the
 * struct, so the offsets of liblxc 4.0 hold for 5.0 and 6.0 (64-bit).
 */
final class Liblxc {

    private static final int STATE = 88;
    private static final int FREEZE = 104;
    private static final int UNFREEZE = 112;
    private static final int INIT_PID = 120;
    private static final int STOP = 152;
    private static final int WAIT = 184;
    private static final int GET_CGROUP_ITEM = 312;
    private static final int SET_CGROUP_ITEM = 320;

    private final NativeLibrary library = NativeLibrary.getInstance("liblxc.so.1");
    private final Function newContainer = library.getFunction("lxc_container_new");
    private final Function putContainer = library.getFunction("lxc_container_put");

    /** A container, running or not; one thread, closed after use. The path must be literally the one it was started with. */
    final class Handle implements AutoCloseable {

        private final Pointer container;

        private Handle(Pointer container) {
            this.container = container;
        }

        String state() {
            return function(STATE).invokeString(new Object[] {container}, false);
        }

        boolean freeze() {
            return call(FREEZE);
        }

        boolean unfreeze() {
            return call(UNFREEZE);
        }

        /** Pid in the host's namespace, -1 if not running. */
        int initPid() {
            return function(INIT_PID).invokeInt(new Object[] {container});
        }

        /** Kills init, also of a frozen container. */
        boolean stop() {
            return call(STOP);
        }

        /** False if the host has no such controller or the kernel refuses; then errno says why. */
        boolean setCgroupItem(String key, String value) {
            return isTrue(function(SET_CGROUP_ITEM).invokeInt(new Object[] {container, key, value}));
        }

        /** A value without the newline at its end, at most 4095 bytes; empty if it cannot be read. */
        Optional<String> cgroupItem(String key) {
            byte[] value = new byte[4096];
            int length = function(GET_CGROUP_ITEM).invokeInt(new Object[] {container, key, value, value.length - 1});
            return length < 0
                    ? Optional.empty()
                    : Optional.of(
                            Native.toString(value, StandardCharsets.US_ASCII).strip());
        }

        boolean waitStopped(int seconds) {
            return isTrue(function(WAIT).invokeInt(new Object[] {container, "STOPPED", seconds}));
        }

        private boolean call(int offset) {
            return isTrue(function(offset).invokeInt(new Object[] {container}));
        }

        /** A C bool is one byte; the rest of the register is undefined. */
        private static boolean isTrue(int result) {
            return (result & 0xff) != 0;
        }

        private Function function(int offset) {
            return Function.getFunction(container.getPointer(offset));
        }

        @Override
        public void close() {
            putContainer.invokeInt(new Object[] {container});
        }
    }

    Handle open(String name, Path lxcPath) {
        Pointer container = newContainer.invokePointer(new Object[] {name, lxcPath.toString()});
        if (container == null) {
            throw new IllegalStateException("lxc_container_new(" + name + ", " + lxcPath + ") returned NULL");
        }
        return new Handle(container);
    }

    /** liblxc's own {@code lxc.lxcpath}. */
    Path defaultPath() {
        String path =
                library.getFunction("lxc_get_global_config_item").invokeString(new Object[] {"lxc.lxcpath"}, false);
        return Path.of(path == null ? "/var/lib/lxc" : path);
    }
}
