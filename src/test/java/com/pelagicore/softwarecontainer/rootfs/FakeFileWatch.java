package com.pelagicore.softwarecontainer.rootfs;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers who watches what; files appear when a test says so. */
public final class FakeFileWatch implements FileWatch {

    private record Watch(Path hostPath, Runnable appeared) {}

    private final Map<String, Watch> watches = new ConcurrentHashMap<>();

    public Set<String> names() {
        return Set.copyOf(watches.keySet());
    }

    /** That of a watch which there is, to be called when it has ended. */
    public Runnable callback(String name) {
        return watches.get(name).appeared;
    }

    /** Calls all who watch the path. */
    public void appear(Path hostPath) {
        watches.values().stream()
                .filter(watch -> watch.hostPath.equals(hostPath))
                .forEach(watch -> watch.appeared.run());
    }

    @Override
    public void watch(String name, Path hostPath, Runnable appeared) {
        watches.put(name, new Watch(hostPath, appeared));
    }

    /** The agent that watched is gone. */
    public void forget() {
        watches.clear();
    }

    @Override
    public void unwatch(String name) {
        watches.remove(name);
    }
}
