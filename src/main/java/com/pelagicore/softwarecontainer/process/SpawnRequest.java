package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process to be started in a container.
 *
 * @param arguments not empty; the first is the program, searched in the PATH of the environment
 * @param environment all of it; nothing is added
 * @param workingDirectory in the container; must exist
 */
public record SpawnRequest(
        List<String> arguments,
        SortedMap<String, String> environment,
        String workingDirectory,
        StandardStreams streams) {

    private static final int SHOWN_CHARACTERS = 4096;

    /** MAX_ARG_STRLEN of execve(2): 32 pages, with the closing NUL. */
    private static final int LONGEST_STRING = 131_072;

    public SpawnRequest {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("no program");
        }
        arguments.forEach(SpawnRequest::check);
        environment.forEach((name, value) -> check(name + "=" + value));
        check(workingDirectory);
    }

    private static void check(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    Quoted.text(text) + " contains NUL, which ends an argument or environment variable");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length >= LONGEST_STRING) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "'" + text.substring(0, 40) + "…' is longer than the " + (LONGEST_STRING - 1)
                            + " bytes that an argument or environment variable may have");
        }
    }

    /** The arguments for people to look at, who may be given them for as long as the process runs: at most 4096 characters. */
    public List<String> shownArguments() {
        List<String> shown = new ArrayList<>();
        int left = SHOWN_CHARACTERS;
        for (String argument : arguments) {
            if (argument.length() >= left) {
                shown.add(argument.substring(0, left) + "...");
                break;
            }
            shown.add(argument);
            left -= argument.length() + 1;
        }
        return shown;
    }
}
