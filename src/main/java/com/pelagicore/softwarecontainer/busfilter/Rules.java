package com.pelagicore.softwarecontainer.busfilter;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.util.List;
import java.util.function.Predicate;

/** The rules of one container on one bus; one has to match. */
final class Rules {

    private final List<Compiled> rules;

    Rules(List<BusRule> rules) {
        this.rules = rules.stream().map(Compiled::of).toList();
    }

    /** @param direction not BOTH */
    boolean permit(Direction direction, MessageHeader message) {
        return rules.stream().anyMatch(rule -> rule.permits(direction, message));
    }

    /** The same, by rules only whose interface is named in full. */
    boolean permitLiterally(Direction direction, MessageHeader message) {
        return rules.stream().anyMatch(rule -> rule.interfaceName().isLiteral() && rule.permits(direction, message));
    }

    /** Whether there is any message that they permit. */
    boolean canPermit() {
        return rules.stream().anyMatch(Compiled::canPermit);
    }

    /** Whether a rule that permits something names such an interface in full. */
    boolean nameLiterally(Predicate<String> interfaces) {
        return rules.stream()
                .anyMatch(rule -> rule.canPermit()
                        && rule.interfaceName().isLiteral()
                        && interfaces.test(rule.interfaceName().pattern()));
    }

    private record Compiled(Direction direction, Glob interfaceName, Glob path, List<Glob> members) {

        static Compiled of(BusRule rule) {
            return new Compiled(
                    rule.direction(),
                    new Glob(rule.interfaceName()),
                    new Glob(rule.objectPath()),
                    rule.methods().stream().map(Glob::new).toList());
        }

        boolean canPermit() {
            return !interfaceName.isEmpty()
                    && !path.isEmpty()
                    && members.stream().anyMatch(member -> !member.isEmpty());
        }

        boolean permits(Direction wanted, MessageHeader message) {
            return (direction == wanted || direction == Direction.BOTH)
                    && permitsInterface(message.interfaceName())
                    && path.matches(message.path())
                    && members.stream().anyMatch(member -> member.matches(message.member()));
        }

        /** A call without interface reaches a member of any: only who may call all of them may do that. */
        private boolean permitsInterface(String name) {
            return name.isEmpty() ? interfaceName.matchesAll() : interfaceName.matches(name);
        }
    }
}
