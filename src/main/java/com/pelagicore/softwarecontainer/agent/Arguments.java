package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Checks of what callers give; all errors are INVALID_ARGUMENT and name the argument. */
final class Arguments {

    /** PATH_MAX of limits.h, with the closing NUL. */
    private static final int LONGEST_PATH = 4096;

    /** SIGRTMAX of signal(7). */
    private static final int HIGHEST_SIGNAL = 64;

    private static final Duration LONGEST_GRACE = Duration.ofHours(1);

    private Arguments() {}

    static Path absolutePath(String argument, String text) {
        if (text.isEmpty()) {
            throw invalid("the " + argument + " is empty");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length >= LONGEST_PATH) {
            throw invalid(
                    "the " + argument + " " + Quoted.text(text) + " is longer than " + (LONGEST_PATH - 1) + " bytes");
        }
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                throw invalid("the " + argument + " " + Quoted.text(text) + " is not absolute");
            }
            return path;
        } catch (InvalidPathException e) {
            throw invalid("the " + argument + " " + Quoted.text(text) + " is not a path: " + e.getReason());
        }
    }

    /** @param text empty: the root */
    static String workingDirectory(String text) {
        return text.isEmpty() ? "/" : absolutePath("working directory", text).toString();
    }

    static void requireProgram(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw invalid("there is no program to execute");
        }
    }

    static void requireSignal(int signal) {
        if (signal < 1 || signal > HIGHEST_SIGNAL) {
            throw invalid("there is no signal " + signal + ", 1 to " + HIGHEST_SIGNAL + " are");
        }
    }

    static void requireGrace(Duration grace) {
        if (grace.compareTo(LONGEST_GRACE) > 0) {
            throw invalid("a grace period of " + grace.toSeconds() + " s is longer than the limit of "
                    + LONGEST_GRACE.toSeconds() + " s");
        }
    }

    static BindMount bindMount(String pathInHost, String pathInContainer, boolean readOnly) {
        try {
            Path hostPath = absolutePath("path in the host", pathInHost);
            Path containerPath = absolutePath("path in the container", pathInContainer);
            if (containerPath.normalize().getNameCount() == 0) {
                throw invalid("the path in the container is its root");
            }
            return new BindMount(hostPath, containerPath, readOnly);
        } catch (SoftwareContainerException e) {
            throw invalid("Unable to bind mount " + Quoted.text(pathInHost) + " to " + Quoted.text(pathInContainer)
                    + ": " + e.getMessage());
        }
    }

    private static SoftwareContainerException invalid(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
