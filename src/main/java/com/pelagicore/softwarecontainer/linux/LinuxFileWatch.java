package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.FileWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches by inotify(7): one thread for all paths, started with the first of them. */
public final class LinuxFileWatch implements FileWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LinuxFileWatch.class);

    private static final int CALLBACK_THREADS = 8;
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Told once however often it happens until the telling begins, so that nobody can flood the queue. */
    private record Listener(Path path, Runnable appeared, AtomicBoolean told) {

        void tell(Executor callbacks) {
            if (told.compareAndSet(false, true)) {
                callbacks.execute(() -> {
                    told.set(false);
                    appeared.run();
                });
            }
        }
    }

    private final Map<String, Listener> listeners = new HashMap<>();
    private final Map<Path, WatchedPath> paths = new HashMap<>();
    private final Set<Integer> watches = new HashSet<>();
    private final Executor callbacks = callbackThreads();
    private Optional<Inotify> running = Optional.empty();

    @Override
    public synchronized void watch(String name, Path hostPath, Runnable appeared) {
        Inotify inotify = running.orElseGet(this::start);
        unwatch(name);
        if (!paths.containsKey(hostPath)) {
            WatchedPath path = new WatchedPath(hostPath);
            paths.put(hostPath, path);
            try {
                arm(path, inotify);
            } catch (SoftwareContainerException refused) {
                paths.remove(hostPath);
                throw refused;
            }
            // remembers the file that is there
            boolean ignored = path.hasNewFile(List.of());
        }
        listeners.put(name, new Listener(hostPath, appeared, new AtomicBoolean()));
    }

    @Override
    public synchronized void unwatch(String name) {
        Listener listener = listeners.remove(name);
        if (listener == null || listeners.values().stream().anyMatch(other -> other.path.equals(listener.path))) {
            return;
        }
        paths.remove(listener.path);
        running.ifPresent(this::forgetUnused);
    }

    private Inotify start() {
        Inotify inotify = new Inotify();
        running = Optional.of(inotify);
        daemon("file-watch", () -> run(inotify)).start();
        return inotify;
    }

    private void run(Inotify inotify) {
        while (true) {
            handle(inotify.await(), inotify);
        }
    }

    private synchronized void handle(Inotify.Events happened, Inotify inotify) {
        for (Map.Entry<Path, WatchedPath> entry : paths.entrySet()) {
            WatchedPath path = entry.getValue();
            List<Inotify.Event> events =
                    happened.events().stream().filter(path::concerns).toList();
            if (events.isEmpty() && !happened.mountsChanged()) {
                continue;
            }
            armAgain(path, inotify);
            if (path.hasNewFile(events)) {
                listeners.values().stream()
                        .filter(listener -> listener.path.equals(entry.getKey()))
                        .forEach(listener -> listener.tell(callbacks));
            }
        }
    }

    /** Nobody waits for the outcome here. */
    private void armAgain(WatchedPath path, Inotify inotify) {
        try {
            arm(path, inotify);
        } catch (SoftwareContainerException refused) {
            LOG.warn("a file that is made anew may not be noticed: {}", refused.getMessage());
        }
    }

    private void arm(WatchedPath path, Inotify inotify) {
        path.arm(inotify);
        watches.addAll(path.watches());
        forgetUnused(inotify);
    }

    private void forgetUnused(Inotify inotify) {
        Set<Integer> used = new HashSet<>();
        paths.values().forEach(path -> used.addAll(path.watches()));
        watches.stream().filter(watch -> !used.contains(watch)).forEach(inotify::remove);
        watches.retainAll(used);
    }

    private static Executor callbackThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                CALLBACK_THREADS,
                CALLBACK_THREADS,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> daemon("file-watch-callback", work));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
