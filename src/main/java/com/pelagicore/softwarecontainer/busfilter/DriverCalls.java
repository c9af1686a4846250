package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** What a contained client may ask of the bus itself, whatever its rules say; what is not here is refused. */
final class DriverCalls {

    static final String BUS = "org.freedesktop.DBus";

    /** None of them changes the bus for others or shows what others say. */
    private static final Set<String> ALLOWED = Set.of(
            "Hello",
            "AddMatch",
            "RemoveMatch",
            "RequestName",
            "ReleaseName",
            "ListNames",
            "ListActivatableNames",
            "ListQueuedOwners",
            "NameHasOwner",
            "GetNameOwner",
            "GetId",
            "GetConnectionUnixUser",
            "GetConnectionUnixProcessID",
            "GetConnectionCredentials");

    private static final Set<String> STANDARD = Set.of(
            "org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable", "org.freedesktop.DBus.Properties");

    private static final Set<String> STANDARD_MEMBERS = Set.of("Ping", "GetMachineId", "Introspect", "Get", "GetAll");

    private DriverCalls() {}

    /** A call to nobody counts as well: buses differ in whom they give it to. */
    static boolean isMeant(MessageHeader message) {
        return message.type() == MessageHeader.Type.CALL
                && (message.destination().equals(BUS) || message.destination().isEmpty());
    }

    /** Whether the decision needs the body. */
    static boolean dependsOnBody(MessageHeader message) {
        return isMeant(message)
                && (message.member().equals("AddMatch") || message.member().equals("RequestName"));
    }

    /** @param whole the message, if {@link #dependsOnBody} */
    static Optional<Refusal> refusal(MessageHeader message, ByteBuffer whole) {
        if (STANDARD.contains(message.interfaceName())) {
            return STANDARD_MEMBERS.contains(message.member()) ? Optional.empty() : notAllowed(message);
        }
        if (!message.interfaceName().isEmpty() && !message.interfaceName().equals(BUS)) {
            return notAllowed(message);
        }
        if (message.member().equals("StartServiceByName")) {
            // client libraries take this answer as "try it nevertheless", and AccessDenied as the end
            return Optional.of(Refusal.unknownService("services are not started for containers by name"));
        }
        if (!ALLOWED.contains(message.member())) {
            return notAllowed(message);
        }
        if (!dependsOnBody(message)) {
            return Optional.empty();
        }
        return firstText(message, whole)
                .filter(text -> message.member().equals("AddMatch") ? !eavesdrops(text) : !Guarded.isName(text))
                .map(text -> Optional.<Refusal>empty())
                .orElseGet(() -> notAllowed(message));
    }

    /** The key cannot be written otherwise (D-Bus specification, "Match Rules"); who needs it says true. */
    private static boolean eavesdrops(String matchRule) {
        return matchRule.contains("eavesdrop");
    }

    private static Optional<String> firstText(MessageHeader message, ByteBuffer whole) {
        ByteBuffer body = whole.duplicate()
                .order(message.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .position(whole.position() + message.headerSize())
                .limit(whole.position() + (int) message.size());
        if (!message.signature().startsWith("s") || body.remaining() < 4) {
            return Optional.empty();
        }
        long length = Integer.toUnsignedLong(body.getInt());
        if (length >= body.remaining()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[(int) length];
        body.get(bytes);
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }

    private static Optional<Refusal> notAllowed(MessageHeader message) {
        return Optional.of(Refusal.denied("the bus does not take " + message.member() + " from a container"));
    }
}
