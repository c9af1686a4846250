package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Checks of what callers give; all errors are INVALID_ARGUMENT and name the argument. */
final class Arguments {

    /** PATH_MAX of limits.h, with the closing NUL. */
    private static final int LONGEST_PATH = 4096;

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
