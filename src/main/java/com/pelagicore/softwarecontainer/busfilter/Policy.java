package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Decides about calls and signals. Replies are not its business: see {@link PendingCalls}. */
final class Policy {

    private final Guarded guarded;
    private Rules rules;

    Policy(Guarded guarded, Rules rules) {
        this.guarded = guarded;
        this.rules = rules;
    }

    void replace(Rules newRules) {
        rules = newRules;
    }

    /**
     * Decides about a message of the client that knows {@code names}.
     *
     * @param whole the message, if {@link DriverCalls#dependsOnBody}
     */
    Optional<Refusal> outgoing(MessageHeader message, ByteBuffer whole, KnownNames names) {
        if (DriverCalls.isMeant(message)) {
            return DriverCalls.refusal(message, whole, names, rules);
        }
        return byRules(Direction.OUTGOING, message);
    }

    /** Whether rules could let the container have to do with the owner of a well-known name, whoever that is. */
    boolean mayKnow(String wellKnownName) {
        return Guarded.isName(wellKnownName) ? rules.nameLiterally(Guarded::isName) : rules.canPermit();
    }

    /** What the bus says itself passes; it writes the sender, nobody else can. */
    Optional<Refusal> incoming(MessageHeader message) {
        if (message.sender().equals(DriverCalls.BUS)) {
            return Optional.empty();
        }
        return byRules(Direction.INCOMING, message);
    }

    private Optional<Refusal> byRules(Direction direction, MessageHeader message) {
        boolean permitted = guarded.covers(message)
                ? Guarded.isName(message.interfaceName()) && rules.permitLiterally(direction, message)
                : rules.permit(direction, message);
        return permitted
                ? Optional.empty()
                : Optional.of(Refusal.denied("no rule of the container allows the " + message.subject()));
    }
}
