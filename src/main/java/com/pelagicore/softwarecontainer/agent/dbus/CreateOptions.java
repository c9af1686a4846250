package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads the options of Create, dbus-interfaces/com.pelagicore.SoftwareContainer.Agent1.xml. */
final class CreateOptions {

    private static final String BUFFER = "WriteBuffer";
    private static final String SIZE = "WriteBufferSize";

    private CreateOptions() {}

    static ContainerOptions of(Map<String, Variant> given) {
        Options options = new Options(given);
        String buffer = options.string(BUFFER).orElse("none");
        Optional<Long> size = options.uint64(SIZE);
        boolean legacy = isLegacy(options.string("Confinement").orElse("default"));
        OptionalInt busUser =
                options.uint32("BusUser").stream().mapToInt(CreateOptions::user).findFirst();
        boolean bound = options.bool("BoundToCaller").orElse(false);
        options.requireNoOther();
        if (size.isPresent() && !buffer.equals("memory")) {
            throw invalid("option '" + SIZE + "' is of a buffer in memory only, and '" + BUFFER + "' is "
                    + Quoted.text(buffer));
        }
        return switch (buffer) {
            case "none" -> new ContainerOptions(false, OptionalLong.empty(), busUser, legacy, bound);
            case "disk" -> new ContainerOptions(true, OptionalLong.empty(), busUser, legacy, bound);
            case "memory" -> new ContainerOptions(true, OptionalLong.of(bytes(size)), busUser, legacy, bound);
            default ->
                throw invalid("option '" + BUFFER + "' is none of 'none', 'disk' and 'memory': " + Quoted.text(buffer));
        };
    }

    private static long bytes(Optional<Long> size) {
        long bytes = size.orElse(ContainerOptions.DEFAULT_TEMPORARY_FILE_SYSTEM_BYTES);
        if (bytes < 1) {
            throw invalid("option '" + SIZE + "' is 0");
        }
        return bytes;
    }

    private static boolean isLegacy(String confinement) {
        return switch (confinement) {
            case "default" -> false;
            case "legacy" -> true;
            default ->
                throw invalid("option 'Confinement' is neither 'default' nor 'legacy': " + Quoted.text(confinement));
        };
    }

    private static int user(long uid) {
        if (uid < 1 || uid > Integer.MAX_VALUE) {
            throw invalid("option 'BusUser' is " + uid + ", which is no user for contained clients");
        }
        return (int) uid;
    }

    private static SoftwareContainerException invalid(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
