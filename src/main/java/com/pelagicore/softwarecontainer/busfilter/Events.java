package com.pelagicore.softwarecontainer.busfilter;

import java.time.Duration;

/** Tells when sockets can be read or written; one thread. */
public interface Events {

    /** What to do; may watch and forget sources, also its own. */
    interface Handler {

        /** Called again and again while it holds. Readable: also at the end of the stream. */
        void ready(boolean readable, boolean writable);
    }

    /** Begins to watch. */
    void watch(EventSource source, Handler handler);

    /** Changes what to look for; at the start, reading. */
    void interest(EventSource source, boolean read, boolean write);

    /** Looks for nothing until the time is over, then for reading again. */
    void pause(EventSource source, Duration time);

    /** Ends watching: no call comes any more. */
    void forget(EventSource source);

    /** Waits until something is ready and calls the handlers; returns when the time is over as well. */
    void await(Duration longest);
}
