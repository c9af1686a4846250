package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.Confinement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Containers that run in memory only. Strict: what LXC would refuse, it refuses. */
public final class FakeContainerRuntime implements ContainerRuntime {

    private final Map<String, String> markers = new ConcurrentHashMap<>();
    private final Map<String, InitProcess> running = new ConcurrentHashMap<>();
    private final Set<String> frozen = ConcurrentHashMap.newKeySet();
    private final AtomicLong newestPid = new AtomicLong(100);
    private final Consumer<InitProcess> death;

    /** {@code death} hears of each init that ends. */
    public FakeContainerRuntime(Consumer<InitProcess> death) {
        this.death = death;
    }

    /** Somebody else defines and starts a container. */
    public void runForeign(String name) {
        markers.put(name, "of somebody else");
        running.put(name, new InitProcess(newestPid.incrementAndGet(), 7));
    }

    /** They remove it again. */
    public void removeForeign(String name) {
        kill(name);
        markers.remove(name);
    }

    public Set<String> defined() {
        return Set.copyOf(markers.keySet());
    }

    public Map<String, InitProcess> running() {
        return Map.copyOf(running);
    }

    public Set<String> frozen() {
        return Set.copyOf(frozen);
    }

    /** The container's init ends by itself. */
    public void kill(String name) {
        frozen.remove(name);
        InitProcess init = running.remove(name);
        if (init != null) {
            death.accept(init);
        }
    }

    /** The host goes down. */
    public void killAll() {
        Set.copyOf(running.keySet()).forEach(this::kill);
    }

    @Override
    public void define(String name, Path rootfs, String marker, Confinement confinement) {
        if (!Files.isDirectory(rootfs)) {
            throw new IllegalArgumentException("no root: " + rootfs);
        }
        if (markers.putIfAbsent(name, marker) != null) {
            throw new SoftwareContainerException(
                    ErrorKind.ALREADY_EXISTS, "'" + name + "' exists and is not of this agent");
        }
    }

    @Override
    public InitProcess start(String name) {
        if (!markers.containsKey(name)) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, name + " is not defined");
        }
        InitProcess init = new InitProcess(newestPid.incrementAndGet(), 7);
        running.put(name, init);
        return init;
    }

    @Override
    public void awaitStart(String name) {}

    @Override
    public Optional<InitProcess> init(String name, String marker) {
        return Optional.ofNullable(running.get(name)).filter(init -> marker.equals(markers.get(name)));
    }

    @Override
    public boolean isFrozen(String name) {
        requireRunning(name);
        return frozen.contains(name);
    }

    @Override
    public void freeze(String name) {
        requireRunning(name);
        frozen.add(name);
    }

    @Override
    public void unfreeze(String name) {
        requireRunning(name);
        frozen.remove(name);
    }

    private void requireRunning(String name) {
        if (!running.containsKey(name)) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, name + " is not running");
        }
    }

    @Override
    public void stop(String name, String marker, Duration timeout) {
        if (marker.equals(markers.get(name))) {
            kill(name);
        }
    }

    @Override
    public void undefine(String name, String marker) {
        if (marker.equals(markers.get(name))) {
            if (running.containsKey(name)) {
                throw new IllegalStateException(name + " is still running");
            }
            markers.remove(name);
        }
    }
}
