package com.pelagicore.softwarecontainer.container;

import java.util.ArrayDeque;
import java.util.Deque;

/** Ids as the original hands them out: returned ones last-in first-out, then the smallest never used. */
final class ContainerIds {

    private final Deque<ContainerId> returned = new ArrayDeque<>();
    private int next;

    synchronized ContainerId take() {
        return returned.isEmpty() ? new ContainerId(next++) : returned.pop();
    }

    synchronized void giveBack(ContainerId id) {
        returned.push(id);
    }
}
