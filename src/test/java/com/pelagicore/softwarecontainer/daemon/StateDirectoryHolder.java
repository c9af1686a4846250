package com.pelagicore.softwarecontainer.daemon;

import java.io.IOException;
import java.nio.file.Path;

/** A program that is the other agent: says "open" when it has the directories, and holds them until its stdin ends. */
final class StateDirectoryHolder {

    private StateDirectoryHolder() {}

    public static void main(String[] arguments) throws IOException {
        try (StateDirectory held = StateDirectory.open(Path.of(arguments[0]), Path.of(arguments[1]))) {
            System.out.println("open " + held.journals());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
