package com.pelagicore.softwarecontainer.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hands out fake links, and remembers them. */
public final class FakeInitConnector implements InitConnector {

    private final List<FakeInitLink> links = new CopyOnWriteArrayList<>();

    @Override
    public InitLink connect(InitProcess init, InitListener listener, Duration timeout) {
        FakeInitLink link = new FakeInitLink(init, listener);
        links.add(link);
        return link;
    }

    /** Those that are open, oldest first. */
    public List<FakeInitLink> open() {
        return links.stream().filter(FakeInitLink::isOpen).toList();
    }

    /** The newest one, open or not. */
    public FakeInitLink newest() {
        return links.get(links.size() - 1);
    }

    /** The agent that had them is gone. */
    public void forget() {
        links.forEach(FakeInitLink::close);
    }

    /** An init ends, and its link notices. */
    public void die(InitProcess init) {
        links.stream().filter(link -> link.init().equals(init)).forEach(FakeInitLink::die);
    }
}
