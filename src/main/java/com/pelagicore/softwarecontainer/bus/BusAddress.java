package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Where a bus listens: a Unix socket.
 *
 * @param name path in the file system or abstract name, at most 107 bytes
 */
public record BusAddress(Namespace namespace, String name) {

    /** Which names of unix(7). */
    public enum Namespace {
        FILE,
        ABSTRACT
    }

    /** Size of {@code sun_path} of unix(7), less its leading or trailing NUL. */
    private static final int MAXIMUM_NAME = 107;

    private static final String SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket";

    public BusAddress {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAXIMUM_NAME || name.indexOf('\0') >= 0) {
            throw refused(name, "is no name of a Unix socket: 1 to " + MAXIMUM_NAME + " bytes without NUL are");
        }
    }

    /**
     * Reads D-Bus server addresses (D-Bus specification, "Server Addresses").
     *
     * @return in the order given, at least one; those of other transports than Unix sockets are left out
     * @throws SoftwareContainerException INVALID_ARGUMENT if nothing usable is left
     */
    public static List<BusAddress> parse(String addresses) {
        List<BusAddress> usable = new ArrayList<>();
        for (String address : addresses.split(";", -1)) {
            if (address.startsWith("unix:")) {
                usable.add(ofUnix(address));
            } else if (!address.isEmpty() && address.indexOf(':') <= 0) {
                throw refused(address, "has no transport, as in unix:path=/a/socket");
            }
        }
        if (usable.isEmpty()) {
            throw refused(addresses, "has no Unix socket: only unix:path= and unix:abstract= are supported");
        }
        return List.copyOf(usable);
    }

    /** The system bus, which {@code DBUS_SYSTEM_BUS_ADDRESS} may move. */
    public static List<BusAddress> ofSystemBus(Map<String, String> environment) {
        String address = environment.getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", "");
        return parse(address.isEmpty() ? SYSTEM_BUS : address);
    }

    /** The session bus, known by {@code DBUS_SESSION_BUS_ADDRESS} alone. */
    public static List<BusAddress> ofSessionBus(Map<String, String> environment) {
        String address = environment.getOrDefault("DBUS_SESSION_BUS_ADDRESS", "");
        if (address.isEmpty()) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "no session bus is known: DBUS_SESSION_BUS_ADDRESS is not set");
        }
        return parse(address);
    }

    @Override
    public String toString() {
        return (namespace == Namespace.ABSTRACT ? "unix:abstract=" : "unix:path=") + name;
    }

    private static BusAddress ofUnix(String address) {
        Map<String, String> values = new HashMap<>();
        for (String pair : address.substring("unix:".length()).split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0
                    || values.put(pair.substring(0, equals), unescape(address, pair.substring(equals + 1))) != null) {
                throw refused(address, "has a part '" + pair + "' that is not key=value, each key once");
            }
        }
        String path = values.get("path");
        String abstractName = values.get("abstract");
        if (path != null && abstractName == null) {
            return new BusAddress(Namespace.FILE, path);
        }
        if (path == null && abstractName != null) {
            return new BusAddress(Namespace.ABSTRACT, abstractName);
        }
        throw refused(address, "must have either path= or abstract=");
    }

    private static String unescape(String address, String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int position = 0;
        for (int escape = value.indexOf('%'); escape >= 0; escape = value.indexOf('%', position)) {
            bytes.writeBytes(value.substring(position, escape).getBytes(StandardCharsets.UTF_8));
            bytes.write(hexadecimal(address, value, escape + 1));
            position = escape + 3;
        }
        bytes.writeBytes(value.substring(position).getBytes(StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hexadecimal(String address, String value, int start) {
        try {
            return HexFormat.fromHexDigits(value, start, start + 2);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw refused(address, "has a % that two hexadecimal digits do not follow");
        }
    }

    private static SoftwareContainerException refused(String address, String reason) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, "D-Bus address '" + address + "' " + reason);
    }
}
