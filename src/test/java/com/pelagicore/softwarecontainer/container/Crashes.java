package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.undo.JournalFile;
import com.pelagicore.softwarecontainer.undo.SteppedJournals;

/**
 * Lets an agent die at one of its steps: before or after something is done to a journal, or before a call of a port.
 * Once dead it does nothing any more, not even tidy up.
 */
final class Crashes {

    /** No agent may catch this. */
    static final class Dead extends Error {

        private static final long serialVersionUID = 1L;
    }

    private int steps;
    private int last = Integer.MAX_VALUE;

    JournalFile.Source journals() {
        return new SteppedJournals(file -> step());
    }

    /** From now on the agent lives, for so many steps. */
    void liveFor(int number) {
        steps = 0;
        last = number;
    }

    /** From now on it does not die. */
    void liveOn() {
        liveFor(Integer.MAX_VALUE);
    }

    boolean isDead() {
        return steps > last;
    }

    /** One more. */
    void step() {
        if (steps > last) {
            throw new Dead();
        }
        steps++;
        if (steps > last) {
            throw new Dead();
        }
    }
}
