package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.busfilter.EventSource;
import com.pelagicore.softwarecontainer.busfilter.Events;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Events by epoll(7), level-triggered. */
public final class EpollEvents implements Events {

    private static final int BATCH = 64;
    /** struct epoll_event is packed on x86-64 only (asm/epoll). */
    private static final int DATA = "amd64".equals(System.getProperty("os.arch")) ? 4 : 8;

    private static final int EVENT = DATA + 8;

    /** The token, never used twice, tells late events of a closed descriptor from those of its successor. */
    private record Watch(int descriptor, long token, Handler handler) {}

    private final Descriptor epoll;
    private final ByteBuffer events = buffer(BATCH * EVENT);
    private final ByteBuffer change = buffer(EVENT);
    private final Map<Long, Watch> byToken = new HashMap<>();
    private final IdentityHashMap<EventSource, Watch> bySource = new IdentityHashMap<>();
    /** With the time of {@link System#nanoTime} when they are looked at again. */
    private final IdentityHashMap<EventSource, Long> paused = new IdentityHashMap<>();

    private long lastToken;

    public EpollEvents() {
        int descriptor = FilterCalls.epoll_create1(FilterCalls.EPOLL_CLOEXEC);
        if (descriptor < 0) {
            throw Errno.refused("epoll_create1()");
        }
        epoll = new Descriptor(descriptor);
    }

    @Override
    public void watch(EventSource source, Handler handler) {
        Watch watch = new Watch(((PolledSource) source).descriptor().number(), ++lastToken, handler);
        byToken.put(watch.token(), watch);
        bySource.put(source, watch);
        control(FilterCalls.EPOLL_CTL_ADD, watch, FilterCalls.EPOLLIN);
    }

    @Override
    public void interest(EventSource source, boolean read, boolean write) {
        paused.remove(source);
        Watch watch = bySource.get(source);
        if (watch != null) {
            control(
                    FilterCalls.EPOLL_CTL_MOD,
                    watch,
                    (read ? FilterCalls.EPOLLIN : 0) | (write ? FilterCalls.EPOLLOUT : 0));
        }
    }

    @Override
    public void pause(EventSource source, Duration time) {
        interest(source, false, false);
        paused.put(source, System.nanoTime() + time.toNanos());
    }

    @Override
    public void forget(EventSource source) {
        paused.remove(source);
        Watch watch = bySource.remove(source);
        if (watch != null) {
            byToken.remove(watch.token());
            control(FilterCalls.EPOLL_CTL_DEL, watch, 0);
        }
    }

    private void control(int operation, Watch watch, int interest) {
        change.putInt(0, interest).putLong(DATA, watch.token());
        if (FilterCalls.epoll_ctl(epoll.number(), operation, watch.descriptor(), change) < 0) {
            throw Errno.refused("epoll_ctl(" + operation + ")");
        }
    }

    @Override
    public void await(Duration longest) {
        long millis = Math.min(longest.toMillis(), resumeThoseWhoseTimeIsOver());
        int count = FilterCalls.epoll_wait(epoll.number(), events, BATCH, (int) Math.min(Integer.MAX_VALUE, millis));
        if (count < 0 && Errno.last() != Errno.EINTR) {
            throw Errno.refused("epoll_wait()");
        }
        for (int i = 0; i < count; i++) {
            Watch watch = byToken.get(events.getLong(i * EVENT + DATA));
            if (watch != null) {
                int ready = events.getInt(i * EVENT);
                int broken = FilterCalls.EPOLLERR | FilterCalls.EPOLLHUP;
                watch.handler()
                        .ready(
                                (ready & (FilterCalls.EPOLLIN | broken)) != 0,
                                (ready & (FilterCalls.EPOLLOUT | broken)) != 0);
            }
        }
    }

    /** Milliseconds until the next one's time. */
    private long resumeThoseWhoseTimeIsOver() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (EventSource source : List.copyOf(paused.keySet())) {
            long left = paused.getOrDefault(source, now) - now;
            if (left <= 0) {
                interest(source, true, false);
            } else {
                next = Math.min(next, TimeUnit.NANOSECONDS.toMillis(left) + 1);
            }
        }
        return next;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
