package com.pelagicore.softwarecontainer.gateway.devicenode;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.spec.DeviceNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads one element of the devicenode gateway. */
final class DeviceNodeConfig {

    /** Up to 7777, with or without the zero in front that octal numbers have in C. */
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{1,4}");

    private DeviceNodeConfig() {}

    static DeviceNode of(ConfigElement element) {
        Path path = path(element);
        Optional<JsonNode> mode = element.json().optional("mode");
        return mode.isPresent()
                ? DeviceNode.withPermissions(path, permissionBits(mode.get(), element))
                : DeviceNode.asOnHost(path);
    }

    private static Path path(ConfigElement element) {
        String name = element.text("name");
        if (!name.startsWith("/")) {
            throw element.refuse("'name' must be an absolute path, not " + Quoted.text(name));
        }
        try {
            Path path = Path.of(name).normalize();
            if (path.getNameCount() > 0) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw element.refuse("'name' is not a path of this system: " + Quoted.text(name));
        }
        throw element.refuse("'name' must be a path below '/', not '/' itself");
    }

    /** A number is written as people write octal numbers: the digits of 644 mean rw-r--r--. */
    private static int permissionBits(JsonNode mode, ConfigElement element) {
        boolean readable = mode.isString() || mode.isIntegralNumber();
        String digits = mode.isString() ? mode.stringValue() : mode.toString();
        if (!readable || !OCTAL.matcher(digits).matches()) {
            throw element.wrongType("mode", "an octal number up to 7777, as 644 or '0644'", mode);
        }
        return Integer.parseInt(digits, 8);
    }
}
