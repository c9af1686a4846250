package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads the argument of Create; the format is in dbus-interfaces/com.pelagicore.SoftwareContainerAgent.xml. */
public final class ContainerOptionsParser {

    private static final String WRITE_BUFFER = "writeBufferEnabled";
    private static final String TEMPORARY = "temporaryFileSystemWriteBufferEnabled";
    private static final String CONFINEMENT = "confinement";
    private static final String TEMPORARY_SIZE = "temporaryFileSystemSize";
    private static final String BUS_USER = "dbusUid";

    private static final ContainerOptions NONE = new ContainerOptions(false, OptionalLong.empty());

    private ContainerOptionsParser() {}

    /**
     * Of several objects the last counts, but all are checked.
     *
     * @throws SoftwareContainerException INVALID_ARGUMENT; the text never carries much of {@code config}
     */
    public static ContainerOptions parse(String config) {
        if (config.isEmpty()) {
            throw refuse("Empty JSON config strings are not supported.");
        }
        JsonNode root = tree(config);
        if (!root.isArray()) {
            throw refuse("Root JSON element is not an array");
        }
        ContainerOptions options = NONE;
        for (JsonNode element : root) {
            options = options(element);
        }
        return options;
    }

    private static JsonNode tree(String config) {
        try {
            return LocatedJson.parse(config).root();
        } catch (InvalidJson e) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT,
                    "Could not parse config: " + e.reason() + ", line " + e.line() + " column " + e.column(),
                    e);
        }
    }

    private static ContainerOptions options(JsonNode element) {
        if (!element.isObject()) {
            throw refuse("Configure entry is not an object");
        }
        boolean writeBuffer = element.optional(WRITE_BUFFER)
                .flatMap(JsonNode::booleanValueOpt)
                .orElseThrow(() -> refuse("Could not parse config due to: '" + WRITE_BUFFER + "' not found."));
        boolean temporary = writeBuffer && temporary(element);
        return new ContainerOptions(
                writeBuffer,
                temporary ? OptionalLong.of(size(element)) : OptionalLong.empty(),
                busUser(element),
                legacy(element),
                false);
    }

    private static OptionalInt busUser(JsonNode element) {
        return element.optional(BUS_USER).stream()
                .mapToInt(ContainerOptionsParser::user)
                .findFirst();
    }

    private static int user(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw refuse(BUS_USER, "a user id, 1 or more", value);
        }
        return value.intValue();
    }

    private static boolean legacy(JsonNode element) {
        return element.optional(CONFINEMENT)
                .map(value -> switch (value.asString("")) {
                    case "legacy" -> true;
                    case "default" -> false;
                    default -> throw refuse(CONFINEMENT, "\"default\" or \"legacy\"", value);
                })
                .orElse(false);
    }

    private static boolean temporary(JsonNode element) {
        return element.optional(TEMPORARY)
                .map(value -> value.booleanValueOpt().orElseThrow(() -> refuse(TEMPORARY, "true or false", value)))
                .orElse(false);
    }

    private static long size(JsonNode element) {
        return element.optional(TEMPORARY_SIZE)
                .map(ContainerOptionsParser::bytes)
                .orElse(ContainerOptions.DEFAULT_TEMPORARY_FILE_SYSTEM_BYTES);
    }

    private static long bytes(JsonNode value) {
        if (!value.isIntegralNumber() || value.longValue() < 1) {
            throw refuse(TEMPORARY_SIZE, "an integer number of bytes, 1 or more", value);
        }
        return value.longValue();
    }

    private static SoftwareContainerException refuse(String key, String expected, JsonNode found) {
        return refuse(
                "Could not parse config due to: '" + key + "' must be " + expected + ", not " + describe(found) + ".");
    }

    private static String describe(JsonNode value) {
        if (value.isContainer()) {
            return value.isArray() ? "an array" : "an object";
        }
        return value.isString() ? "the string " + Quoted.text(value.stringValue()) : value.toString();
    }

    private static SoftwareContainerException refuse(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
