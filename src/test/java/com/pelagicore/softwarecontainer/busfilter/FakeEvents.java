package com.pelagicore.softwarecontainer.busfilter;

import java.time.Duration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything can always be read and written; {@link #settle} lets that be known as long as there is input. */
final class FakeEvents implements Events {

    /** What is not looked at for a while. */
    final Set<EventSource> paused = new HashSet<>();

    private final Map<EventSource, Handler> handlers = new IdentityHashMap<>();

    @Override
    public void watch(EventSource source, Handler handler) {
        handlers.put(source, handler);
    }

    @Override
    public void interest(EventSource source, boolean read, boolean write) {
        // always both
    }

    @Override
    public void pause(EventSource source, Duration time) {
        paused.add(source);
    }

    @Override
    public void forget(EventSource source) {
        handlers.remove(source);
    }

    @Override
    public void await(Duration longest) {
        throw new UnsupportedOperationException();
    }

    /** Somebody wants to connect; false: nobody looks. */
    boolean connect(FilterListener listener) {
        Handler handler = handlers.get(listener);
        if (handler == null || paused.contains(listener)) {
            return false;
        }
        handler.ready(true, false);
        return true;
    }

    boolean isWatched(FakeSocket socket) {
        return handlers.containsKey(socket);
    }

    void settle(FakeSocket... sockets) {
        boolean again = true;
        while (again) {
            again = false;
            for (FakeSocket socket : List.of(sockets)) {
                Handler handler = handlers.get(socket);
                if (handler != null && socket.hasInput()) {
                    handler.ready(true, true);
                    again = true;
                }
            }
        }
    }
}
