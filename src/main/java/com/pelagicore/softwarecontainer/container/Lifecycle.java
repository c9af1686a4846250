package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The state of a container, and the lock under which everything about it changes, one verb at a time. */
final class Lifecycle {

    private final ContainerId id;
    private final UndoJournal journal;
    private final LifeSign lifeSign;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<Runnable> due = Optional.empty();

    /** Changed under the lock, seen without. */
    private volatile ContainerState state = ContainerState.READY;

    Lifecycle(ContainerId id, UndoJournal journal, LifeSign lifeSign) {
        this.id = id;
        this.journal = journal;
        this.lifeSign = lifeSign;
    }

    /** Never waits; right also before the next verb has noticed that the container died. */
    ContainerState visible() {
        return lifeSign.isLost() && state != ContainerState.DESTROYED ? ContainerState.INVALID : state;
    }

    /**
     * Without waiting for a verb that runs.
     *
     * @throws SoftwareContainerException WRONG_STATE
     */
    void check(Verb verb) {
        verb.check(visible(), id);
    }

    /** As {@link #run(Verb, Supplier)}. */
    void run(Verb verb, Runnable action) {
        run(verb, () -> {
            action.run();
            return verb;
        });
    }

    /**
     * Does what the verb stands for and goes to the state that it leads to; after an error the state is as before,
     * unless something could not be undone.
     *
     * @throws SoftwareContainerException WRONG_STATE, or what the action throws
     */
    <T> T run(Verb verb, Supplier<T> action) {
        try {
            return locked(() -> runLocked(verb, action));
        } finally {
            lifeSign.changed();
        }
    }

    private <T> T runLocked(Verb verb, Supplier<T> action) {
        state = visible();
        verb.check(state, id);
        int steps = journal.size();
        try {
            T result = action.get();
            state = verb.leadsTo();
            return result;
        } catch (RuntimeException e) {
            // a change that could not be made and could not be undone either
            state = journal.size() > steps ? ContainerState.INVALID : state;
            throw e;
        }
    }

    /** Under the lock, if the container runs or is suspended; else nothing is done. */
    void ifAlive(Runnable action) {
        locked(() -> {
            if (isAlive()) {
                action.run();
            }
        });
    }

    /** Under the lock, if the container is invalid but its init runs. */
    void ifInvalid(Runnable action) {
        locked(() -> {
            if (!lifeSign.isLost() && state == ContainerState.INVALID) {
                action.run();
            }
        });
    }

    /** As {@link #ifAlive}; if the action fails, the container is invalid. */
    void ifAliveOrInvalid(Runnable action) {
        locked(() -> {
            if (isAlive()) {
                ContainerState before = state;
                become(() -> {
                    action.run();
                    return before;
                });
            }
        });
    }

    /** Goes to the state that is found; if finding it fails, the container is invalid. */
    void become(Supplier<ContainerState> found) {
        locked(() -> {
            state = ContainerState.INVALID;
            state = found.get();
        });
    }

    /** From now on it can only be destroyed. */
    void invalidate() {
        locked(() -> state = ContainerState.INVALID);
    }

    private boolean isAlive() {
        return !lifeSign.isLost() && (state == ContainerState.READY || state == ContainerState.SUSPENDED);
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return state;
        });
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
            runDue();
        }
    }

    /**
     * Under the lock without waiting for it: at once, or when the verb that runs has ended, on its thread.
     *
     * @param action throws nothing, and is always the same: once is enough for all that were asked for before it begins
     */
    void soon(Runnable action) {
        due = Optional.of(action);
        runDue();
    }

    /** Whoever has the lock comes here afterwards, so that nothing is forgotten. */
    private void runDue() {
        while (due.isPresent() && !lock.isHeldByCurrentThread() && lock.tryLock()) {
            try {
                Optional<Runnable> action = due;
                due = Optional.empty();
                action.ifPresent(Runnable::run);
            } finally {
                lock.unlock();
            }
        }
    }
}
