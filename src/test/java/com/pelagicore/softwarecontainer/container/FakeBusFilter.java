package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Remembers the rules; a plain file stands for the socket. */
public final class FakeBusFilter implements BusFilter {

    /** Buses that the host has. */
    public final Set<Bus> buses = EnumSet.allOf(Bus.class);

    /** Whom containers may be. */
    public final Set<Integer> users = new TreeSet<>();

    /** Whether it serves what an earlier agent opened. */
    public boolean goesOnWithoutAgent = true;

    private final Path directory;
    private final Map<String, List<BusRule>> opened = new TreeMap<>();
    private final Map<String, Integer> openedAs = new TreeMap<>();
    private final Set<String> resumed = new TreeSet<>();

    FakeBusFilter(Path directory) {
        this.directory = directory;
    }

    /** By container and bus, as {@code "SC-0 SYSTEM"}. */
    public synchronized Map<String, List<BusRule>> opened() {
        return Map.copyOf(opened);
    }

    /** The same, of those that were opened as a user of their own. */
    public synchronized Map<String, Integer> openedAs() {
        return Map.copyOf(openedAs);
    }

    /** The agent is gone, and with it the filter if it does not go on alone. */
    synchronized void loseAgent() {
        resumed.clear();
        if (!goesOnWithoutAgent) {
            opened.clear();
        }
    }

    @Override
    public void requireBus(Bus bus) {
        if (!buses.contains(bus)) {
            throw new SoftwareContainerException(ErrorKind.NOT_FOUND, "no " + bus + " bus");
        }
    }

    @Override
    public void requireUser(int uid) {
        if (!users.contains(uid)) {
            throw new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, "not user " + uid);
        }
    }

    @Override
    public Path socket(String container, Bus bus) {
        return directory.resolve(container).resolve(bus + "-bus");
    }

    @Override
    public synchronized void open(String container, Bus bus, OptionalInt user, List<BusRule> rules) {
        try {
            Files.createFile(socket(container, bus));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        user.ifPresent(uid -> openedAs.put(container + " " + bus, uid));
        opened.put(container + " " + bus, List.copyOf(rules));
        resumed.add(container + " " + bus);
    }

    /** Like a filter that has outlived the agent, of whose buses this one knows those that are still opened. */
    @Override
    public synchronized boolean resume(String container, Bus bus, OptionalInt user, List<BusRule> rules) {
        requireBus(bus);
        if (opened.replace(container + " " + bus, List.copyOf(rules)) != null) {
            resumed.add(container + " " + bus);
            return true;
        }
        deleteSocket(container, bus);
        open(container, bus, user, rules);
        return false;
    }

    @Override
    public synchronized void closeOthers(Set<String> spared) {
        opened.keySet().removeIf(key -> !resumed.contains(key) && !spared.contains(key.split(" ", 2)[0]));
    }

    @Override
    public synchronized void replaceRules(String container, Bus bus, List<BusRule> rules) {
        opened.computeIfPresent(container + " " + bus, (key, before) -> List.copyOf(rules));
    }

    @Override
    public synchronized void close(String container, Bus bus) {
        opened.remove(container + " " + bus);
        deleteSocket(container, bus);
    }

    private void deleteSocket(String container, Bus bus) {
        try {
            Files.deleteIfExists(socket(container, bus));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
