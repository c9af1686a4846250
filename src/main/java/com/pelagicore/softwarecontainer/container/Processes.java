package com.pelagicore.softwarecontainer.container;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** The processes that were started in one container and have not ended. Thread-safe, never waits. */
final class Processes {

    private record Entry(RunningProcess process, CompletableFuture<Void> end) {}

    private final NavigableMap<Long, Entry> running = new ConcurrentSkipListMap<>();

    void started(RunningProcess process) {
        running.put(process.pid(), new Entry(process, new CompletableFuture<>()));
    }

    /** What is to be run when everybody else has heard of it: lets those go on who wait for the end. */
    Runnable ended(long pid) {
        Entry entry = running.remove(pid);
        return entry == null ? () -> {} : () -> entry.end().complete(null);
    }

    /** By pid, ascending. */
    List<RunningProcess> list() {
        return running.values().stream().map(Entry::process).toList();
    }

    /** Empty: there is none of that pid. */
    Optional<CompletableFuture<Void>> endOf(long pid) {
        return Optional.ofNullable(running.get(pid)).map(Entry::end);
    }

    /** The end of all that run now. */
    CompletableFuture<Void> endOfAll() {
        return CompletableFuture.allOf(running.values().stream().map(Entry::end).toArray(CompletableFuture[]::new));
    }
}
