package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
            "GetId");

    /** Questions about a name, which is the first argument. */
    private static final Set<String> ABOUT_A_NAME = Set.of("NameHasOwner", "GetNameOwner", "ListQueuedOwners");

    /** The same, about who has it; what they say of processes of the host is no business of a container. */
    private static final Set<String> ABOUT_A_PROCESS =
            Set.of("GetConnectionUnixUser", "GetConnectionUnixProcessID", "GetConnectionCredentials");

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
        String member = message.member();
        return isMeant(message)
                && (member.equals("AddMatch")
                        || member.equals("RequestName")
                        || ABOUT_A_NAME.contains(member)
                        || ABOUT_A_PROCESS.contains(member));
    }

    /**
     * Decides.
     *
     * @param whole the message, if {@link #dependsOnBody}
     * @param rules may allow what is not allowed to all
     */
    static Optional<Refusal> refusal(MessageHeader message, ByteBuffer whole, KnownNames names, Rules rules) {
        if (STANDARD.contains(message.interfaceName())) {
            return STANDARD_MEMBERS.contains(message.member()) ? Optional.empty() : notAllowed(message);
        }
        if (!message.interfaceName().isEmpty() && !message.interfaceName().equals(BUS)) {
            return notAllowed(message);
        }
        String member = message.member();
        if (member.equals("StartServiceByName")) {
            // client libraries take this answer as "try it nevertheless", and AccessDenied as the end
            return Optional.of(Refusal.unknownService("services are not started for containers by name"));
        }
        if (ABOUT_A_NAME.contains(member) || ABOUT_A_PROCESS.contains(member)) {
            return BodyTexts.first(message, whole)
                    .map(name -> aboutName(message, name, names, rules))
                    .orElseGet(() -> notAllowed(message));
        }
        if (!ALLOWED.contains(member)) {
            return notAllowed(message);
        }
        return switch (member) {
            case "AddMatch" -> ifText(message, whole, text -> !eavesdrops(text));
            case "RequestName" -> ifText(message, whole, text -> !Guarded.isName(text));
            default -> Optional.empty();
        };
    }

    private static Optional<Refusal> aboutName(MessageHeader message, String name, KnownNames names, Rules rules) {
        if (!names.contains(name)) {
            return Optional.of(nobody(message.member(), name));
        }
        boolean allowed = ABOUT_A_NAME.contains(message.member())
                || (message.member().equals("GetConnectionUnixUser") && names.isOwn(name))
                || rules.permitLiterally(Direction.OUTGOING, message);
        return allowed ? Optional.empty() : notAllowed(message);
    }

    /** In the words of dbus-daemon. */
    private static Refusal nobody(String member, String name) {
        String what =
                switch (member) {
                    case "GetNameOwner" -> "owner";
                    case "ListQueuedOwners" -> "owners";
                    case "GetConnectionUnixUser" -> "UID";
                    case "GetConnectionUnixProcessID" -> "PID";
                    default -> "credentials";
                };
        return member.equals("NameHasOwner")
                ? new Refusal.No()
                : new Refusal.NoOwner("Could not get " + what + " of name '" + name + "': no such name");
    }

    /** The key cannot be written otherwise (D-Bus specification, "Match Rules"); who needs it says true. */
    private static boolean eavesdrops(String matchRule) {
        return matchRule.contains("eavesdrop");
    }

    private static Optional<Refusal> ifText(MessageHeader message, ByteBuffer whole, Predicate<String> allowed) {
        return BodyTexts.first(message, whole).filter(allowed).isPresent() ? Optional.empty() : notAllowed(message);
    }

    private static Optional<Refusal> notAllowed(MessageHeader message) {
        return Optional.of(Refusal.denied("the bus does not take " + message.member() + " from a container"));
    }
}
