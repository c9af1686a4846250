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

    /** @param whole the message, if {@link DriverCalls#dependsOnBody} */
    Optional<Refusal> outgoing(MessageHeader message, ByteBuffer whole) {
        if (DriverCalls.isMeant(message)) {
            return DriverCalls.refusal(message, whole);
        }
        return byRules(Direction.OUTGOING, message);
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
