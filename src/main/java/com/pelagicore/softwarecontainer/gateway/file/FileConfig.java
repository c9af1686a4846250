package com.pelagicore.softwarecontainer.gateway.file;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads one element of the file gateway. */
final class FileConfig {

    private FileConfig() {}

    static BindMount of(ConfigElement element) {
        Path hostPath = absolute(element, "path-host");
        Path containerPath = absolute(element, "path-container").normalize();
        if (containerPath.getNameCount() == 0) {
            throw element.refuse("'path-container' must be a path below '/', not '/' itself");
        }
        return new BindMount(hostPath, containerPath, element.flag("read-only", true));
    }

    private static Path absolute(ConfigElement element, String key) {
        String text = element.text(key);
        if (!text.startsWith("/")) {
            throw element.refuse("'" + key + "' must be an absolute path, not " + Quoted.text(text));
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw element.refuse("'" + key + "' is not a path of this system: " + Quoted.text(text));
        }
    }
}
