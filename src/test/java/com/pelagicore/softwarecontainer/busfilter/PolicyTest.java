package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    private static final String AGENT = "com.pelagicore.SoftwareContainerAgent";

    private final Guarded guarded = new Guarded();

    @ParameterizedTest
    @CsvSource({
        "*, '', true",
        "*, a/b.c, true",
        "'', '', false",
        "'', a, false",
        "a.b, a.b, true",
        "a.b, a.bc, false",
        "a?b, a.b, true",
        "a?b, ab, false",
        "a*, a, true",
        "*b, ab, true",
        "*b, ba, false",
        "*a*b*, xxaxxbxx, true",
        "*ab*ab, abab, true",
        "*ab*ab, aab, false",
        "**, x, true",
        "?, '', false"
    })
    void matchesGlobs(String pattern, String text, boolean matches) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
    }

    @Test
    void isNotSlowOnAPatternThatInvitesIt() {
        assertThat(new Glob("*a*a*a*a*a*a*a*a*b").matches("a".repeat(60_000))).isFalse();
    }

    @Test
    void needsDirectionInterfacePathAndMember() {
        Policy policy = policy(rule(Direction.OUTGOING, "a.b", "/p", "M", "N"));

        assertThat(outgoing(policy, call("x.y", "a.b", "N"))).isEmpty();
        assertThat(outgoing(policy, call("x.y", "a.b", "O"))).isPresent();
        assertThat(outgoing(policy, call("x.y", "a.c", "M"))).isPresent();
        assertThat(policy.incoming(call("x.y", "a.b", "N").header())).isPresent();
        assertThat(outgoing(policy(rule(Direction.OUTGOING, "a.b", "/q", "M")), call("x.y", "a.b", "M")))
                .isPresent();
        assertThat(policy(rule(Direction.BOTH, "a.b", "/p", "M"))
                        .incoming(call("x.y", "a.b", "M").header()))
                .isEmpty();
    }

    @Test
    void takesACallWithoutInterfaceForOneOfAny() {
        assertThat(outgoing(policy(rule(Direction.OUTGOING, "a*", "*", "M")), call("x.y", "", "M")))
                .isPresent();
        assertThat(outgoing(policy(rule(Direction.OUTGOING, "*", "*", "M")), call("x.y", "", "M")))
                .isEmpty();
        assertThat(outgoing(policy(rule(Direction.OUTGOING, "*", "*", "M")), call("x.y", "", "N")))
                .isPresent();
    }

    @Test
    void passesSignalsOfTheBusOnly() {
        TestMessage fromBus = signal("org.freedesktop.DBus", "NameOwnerChanged").field(7, 's', "org.freedesktop.DBus");
        TestMessage fromPeer =
                signal("org.freedesktop.DBus", "NameOwnerChanged").field(7, 's', ":1.9");

        assertThat(policy().incoming(fromBus.header())).isEmpty();
        assertThat(policy().incoming(fromPeer.header())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BecomeMonitor", "UpdateActivationEnvironment", "ReloadConfig", "Unheard"})
    void letsNoRuleOpenTheBusItself(String member) {
        Policy all = policy(rule(Direction.BOTH, "*", "*", "*"));

        assertThat(outgoing(all, call("org.freedesktop.DBus", "org.freedesktop.DBus", member)))
                .isPresent();
        assertThat(outgoing(all, call("org.freedesktop.DBus", "", member))).isPresent();
        assertThat(outgoing(all, call("org.freedesktop.DBus", "org.freedesktop.DBus.Monitoring", member)))
                .isPresent();
    }

    @Test
    void looksIntoMatchRules() {
        assertThat(outgoing(policy(), match("type='signal',path='/a'"))).isEmpty();
        assertThat(outgoing(policy(), match("eavesdrop=true"))).isPresent();
        assertThat(outgoing(policy(), match("type='signal', eavesdrop='true'"))).isPresent();
    }

    @Test
    void refusesAMatchRuleThatItCannotRead() {
        TestMessage lies = call("org.freedesktop.DBus", "org.freedesktop.DBus", "AddMatch")
                .field(8, 'g', "s")
                .body((byte) 100, (byte) 0, (byte) 0, (byte) 0, (byte) 'x');
        TestMessage other = call("org.freedesktop.DBus", "org.freedesktop.DBus", "AddMatch")
                .field(8, 'g', "u")
                .body(new byte[4]);

        assertThat(outgoing(policy(), lies)).isPresent();
        assertThat(outgoing(policy(), other)).isPresent();
    }

    @Test
    void keepsTheAgentFromPatternsHoweverItIsAddressed() {
        guarded.add(":1.3");
        Policy all = policy(
                rule(Direction.BOTH, "*", "*", "*"), rule(Direction.BOTH, "org.freedesktop.DBus.Peer", "*", "*"));

        assertThat(outgoing(all, call(AGENT, AGENT, "List"))).isPresent();
        assertThat(outgoing(all, call(":1.3", "", "List"))).isPresent();
        assertThat(outgoing(all, call(":1.3", "org.freedesktop.DBus.Peer", "Ping")))
                .isPresent();
        assertThat(outgoing(all, call(":1.4", AGENT, "List"))).isPresent();
        assertThat(all.incoming(signal("x.y", "S").field(7, 's', ":1.3").header()))
                .isPresent();
        assertThat(outgoing(all, call(":1.4", "x.y", "List"))).isEmpty();
        assertThat(outgoing(policy(rule(Direction.OUTGOING, AGENT, "*", "List")), call(AGENT, AGENT, "List")))
                .isEmpty();
    }

    @Test
    void answersOnceAndOnlyToWhoCalled() {
        PendingCalls calls = new PendingCalls();
        calls.add(":1.1", 5);

        assertThat(calls.answer(":1.2", 5)).isFalse();
        assertThat(calls.answer(":1.1", 6)).isFalse();
        assertThat(calls.answer(":1.1", 5)).isTrue();
        assertThat(calls.answer(":1.1", 5)).isFalse();
    }

    @Test
    void forgetsTheOldestOfTooManyCalls() {
        PendingCalls calls = new PendingCalls();
        for (int serial = 1; serial <= PendingCalls.LIMIT + 1; serial++) {
            calls.add("", serial);
        }

        assertThat(calls.answer("", 1)).isFalse();
        assertThat(calls.answer("", 2)).isTrue();
    }

    private Policy policy(BusRule... rules) {
        return new Policy(guarded, new Rules(List.of(rules)));
    }

    private static Optional<Refusal> outgoing(Policy policy, TestMessage message) {
        return policy.outgoing(message.header(), ByteBuffer.wrap(message.toBytes()), new KnownNames(policy));
    }

    private static BusRule rule(Direction direction, String interfaceName, String path, String... members) {
        return new BusRule(Bus.SYSTEM, direction, interfaceName, path, List.of(members));
    }

    private static TestMessage call(String destination, String interfaceName, String member) {
        return TestMessage.call(1, destination, interfaceName, member);
    }

    private static TestMessage match(String matchRule) {
        return call("org.freedesktop.DBus", "org.freedesktop.DBus", "AddMatch").text(matchRule);
    }

    private static TestMessage signal(String interfaceName, String member) {
        return new TestMessage(ByteOrder.BIG_ENDIAN, TestMessage.SIGNAL, 1)
                .field(1, 'o', "/p")
                .field(2, 's', interfaceName)
                .field(3, 's', member);
    }
}
