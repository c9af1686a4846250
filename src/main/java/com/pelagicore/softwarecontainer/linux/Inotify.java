package com.pelagicore.softwarecontainer.linux;

import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Directories watched by inotify(7), and the host's mount table, whose changes inotify does not tell. */
final class Inotify {

    /**
     * What happened in or to a watched directory.
     *
     * @param watch less than 0: events were lost
     * @param name of the entry; empty: the directory itself
     */
    record Event(int watch, int mask, FileName name) {

        boolean isNew() {
            return (mask & (InotifyCalls.IN_CREATE | InotifyCalls.IN_MOVED_TO)) != 0;
        }

        boolean isLoss() {
            return watch < 0;
        }
    }

    /**
     * What happened since the last time.
     *
     * @param mountsChanged something was mounted or unmounted
     */
    record Events(List<Event> events, boolean mountsChanged) {}

    private static final int MASK = InotifyCalls.IN_CREATE
            | InotifyCalls.IN_MOVED_TO
            | InotifyCalls.IN_DELETE
            | InotifyCalls.IN_MOVED_FROM
            | InotifyCalls.IN_DELETE_SELF
            | InotifyCalls.IN_MOVE_SELF
            | InotifyCalls.IN_ONLYDIR;
    private static final int BUFFER_BYTES = 1 << 14;
    private static final int EVENT_BYTES = 16;

    private final Descriptor inotify;
    private final Descriptor mountTable;

    Inotify() {
        int opened = InotifyCalls.inotify_init1(InotifyCalls.IN_CLOEXEC);
        if (opened < 0) {
            throw Errno.refused("inotify_init1");
        }
        inotify = new Descriptor(opened);
        mountTable =
                Opening.checked(Opening.host(FileName.of("/proc/self/mountinfo"), 0), () -> "/proc/self/mountinfo");
    }

    /** Begins to tell of entries that come and go, and of the end of a directory; empty if there is no such directory. */
    OptionalInt add(Path directory) {
        int watch = InotifyCalls.inotify_add_watch(
                inotify.number(), FileName.of(directory).terminated(), MASK);
        if (watch >= 0) {
            return OptionalInt.of(watch);
        }
        int error = Errno.last();
        if (error == Errno.ENOENT || error == Errno.ENOTDIR || error == Errno.ELOOP) {
            return OptionalInt.empty();
        }
        throw Errno.refused("inotify_add_watch('" + directory + "')", error);
    }

    void remove(int watch) {
        // fails only if the directory is gone, and the watch with it
        int ignored = InotifyCalls.inotify_rm_watch(inotify.number(), watch);
    }

    /** Waits for something to happen. */
    Events await() {
        ByteBuffer descriptors = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        descriptors.putInt(0, inotify.number()).putShort(4, InotifyCalls.POLLIN);
        descriptors.putInt(8, mountTable.number()).putShort(12, InotifyCalls.POLLPRI);
        while (InotifyCalls.poll(descriptors, new NativeLong(2), -1) < 0) {
            if (Errno.last() != Errno.EINTR) {
                throw Errno.refused("poll(inotify)");
            }
        }
        boolean mountsChanged = descriptors.getShort(14) != 0;
        return new Events(descriptors.getShort(6) != 0 ? read() : List.of(), mountsChanged);
    }

    private List<Event> read() {
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = InotifyCalls.read(inotify.number(), buffer, buffer.length);
        if (size < 0) {
            throw Errno.refused("read(inotify)");
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, Math.toIntExact(size)).order(ByteOrder.nativeOrder());
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int nameBytes = bytes.getInt(start + 12);
            FileName name = nameBytes == 0 ? FileName.EMPTY : FileName.in(buffer, start + EVENT_BYTES);
            events.add(new Event(bytes.getInt(start), bytes.getInt(start + 4), name));
            bytes.position(start + EVENT_BYTES + nameBytes);
        }
        return events;
    }
}
