package com.pelagicore.softwarecontainer.busfilter;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the bus itself says to a contained client, with names in it that the client may not know. Told by its shape and
 * not by the call that it answers: a client may use the serial of a call twice.
 */
final class DriverMessages {

    /** Longer than a name with all around it. */
    private static final int SHORT = 1024;

    private static final String NAMES = "as";
    private static final String NAME = "s";

    private final KnownNames names;

    DriverMessages(KnownNames names) {
        this.names = names;
    }

    /** Whether the decision needs the body. */
    static boolean dependsOnBody(MessageHeader message) {
        if (!message.sender().equals(DriverCalls.BUS)) {
            return false;
        }
        return switch (message.type()) {
            case SIGNAL -> isAboutNames(message.member());
            case RETURN -> isNames(message) || (message.signature().equals(NAME) && message.size() <= SHORT);
            case CALL, ERROR -> false;
        };
    }

    private static boolean isAboutNames(String member) {
        return member.equals("NameOwnerChanged") || member.equals("NameAcquired") || member.equals("NameLost");
    }

    /** The answer to ListNames, ListActivatableNames or ListQueuedOwners. */
    static boolean isNames(MessageHeader message) {
        return message.type() == MessageHeader.Type.RETURN
                && message.sender().equals(DriverCalls.BUS)
                && message.signature().equals(NAMES);
    }

    /** Those of the names that the client may know. */
    List<String> known(MessageHeader message, ByteBuffer whole) {
        return BodyTexts.array(message, whole).orElse(List.of()).stream()
                .filter(names::contains)
                .toList();
    }

    /** Takes note of the names in it; false: it is about names that the client may not know. */
    boolean passes(MessageHeader message, ByteBuffer whole) {
        if (!dependsOnBody(message)) {
            return true;
        }
        if (message.type() == MessageHeader.Type.RETURN) {
            // the answer to GetNameOwner, which has passed; or Hello
            BodyTexts.first(message, whole).ifPresent(names::meet);
            return true;
        }
        return switch (message.member()) {
            case "NameAcquired" -> note(BodyTexts.first(message, whole), names::acquire);
            case "NameLost" -> note(BodyTexts.first(message, whole), names::lose);
            default ->
                BodyTexts.all(message, whole, 3).filter(this::ownerMayBeKnown).isPresent();
        };
    }

    private static boolean note(Optional<String> name, Consumer<String> change) {
        name.ifPresent(change);
        return name.isPresent();
    }

    /** @param change name, old owner, new owner */
    private boolean ownerMayBeKnown(List<String> change) {
        String name = change.get(0);
        String newOwner = change.get(2);
        boolean known = names.contains(name);
        if (known) {
            names.meet(newOwner);
        }
        if (newOwner.isEmpty()) {
            names.forget(name);
        }
        return known;
    }
}
