package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.undo.SteppedJournals;
import java.nio.file.Path;

/** The agent, but that it stops where a test says; {@code -Dfailpoints=} names the directory of {@link Failpoints}. */
public final class FailpointMain {

    private FailpointMain() {}

    public static void main(String[] arguments) {
        Failpoints failpoints = new Failpoints(Path.of(System.getProperty("failpoints")));
        Main.run(arguments, new SteppedJournals(failpoints::step));
    }
}
