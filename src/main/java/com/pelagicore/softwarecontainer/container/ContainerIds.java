package com.pelagicore.softwarecontainer.container;

import java.util.ArrayDeque;
import java.util.Collection;
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

    /** Ids that are in use from the start; those between them come first, in ascending order. */
    synchronized void reserve(Collection<ContainerId> used) {
        next = used.stream().mapToInt(id -> id.value() + 1).max().orElse(0);
        for (int value = next - 1; value >= 0; value--) {
            ContainerId id = new ContainerId(value);
            if (!used.contains(id)) {
                returned.push(id);
            }
        }
    }
}
