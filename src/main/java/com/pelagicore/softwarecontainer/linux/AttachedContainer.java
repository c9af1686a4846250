package com.pelagicore.softwarecontainer.linux;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A container with a network, and what its host names stand for. Guarded by its lock, but for reading its access. */
final class AttachedContainer {

    final ReentrantLock lock = new ReentrantLock();

    private final Duration keepTime;
    private final Map<String, Map<InetAddress, Instant>> seen = new HashMap<>();
    private volatile NetworkAccess access;
    private Optional<NetworkAccess> before;
    private int sets;
    private boolean hasNews;

    /**
     * Begins with this access, which the caller puts in force.
     *
     * @param keepTime how long an address stays after its name last stood for it
     */
    AttachedContainer(NetworkAccess access, Duration keepTime, Instant now) {
        this.keepTime = keepTime;
        this.access = access;
        change(access, now);
        this.before = Optional.empty();
        this.hasNews = false;
    }

    NetworkAccess access() {
        return access;
    }

    /** What it had before the last change; empty: there was none, or an earlier agent did not come to its end. */
    Optional<NetworkAccess> before() {
        return before;
    }

    /** All names stand for nothing, until they are asked for anew. */
    void forgetNames() {
        seen.clear();
    }

    /** The most sets of host names that it ever had. */
    int sets() {
        return sets;
    }

    void change(NetworkAccess wanted, Instant now) {
        before = Optional.of(access);
        access = wanted;
        sets = Math.max(sets, wanted.names().size());
        learn(wanted.addresses(), now);
    }

    /**
     * Takes in what names stand for now, and drops what they have not stood for in a long time.
     *
     * @return false if nothing has changed since {@link #applied}
     */
    boolean learn(Map<String, Set<InetAddress>> addresses, Instant now) {
        Map<String, Set<InetAddress>> old = addresses();
        addresses.forEach((name, all) -> {
            Map<InetAddress, Instant> times = seen.computeIfAbsent(name, unknown -> new HashMap<>());
            all.forEach(address -> times.put(address, now));
            times.values().removeIf(time -> time.isBefore(now.minus(keepTime)));
        });
        hasNews = hasNews || !addresses().equals(old);
        return hasNews;
    }

    /** What is known here is in force in the kernel. */
    void applied() {
        hasNews = false;
    }

    Map<String, Set<InetAddress>> addresses() {
        Map<String, Set<InetAddress>> addresses = new HashMap<>();
        seen.forEach((name, times) -> addresses.put(name, new HashSet<>(times.keySet())));
        return addresses;
    }
}
