package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From values to bytes, through dbus-java's codec, and back. */
class WireValuesTest {

    private static final FakeFile FILE = new FakeFile(7);

    @Test
    void bringsAllTypesOfTheInterfacesThere() {
        assertThat(roundTrip("i", 5)).isEqualTo(5);
        assertThat(roundTrip("u", 4294967295L)).isEqualTo(4294967295L);
        assertThat(roundTrip("q", 65535)).isEqualTo(65535);
        assertThat(roundTrip("t", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(roundTrip("o", "/a/b")).isEqualTo("/a/b");
        assertThat(roundTrip("as", List.of("a", "b"))).isEqualTo(List.of("a", "b"));
        assertThat(roundTrip("a{st}", Map.of("a", 1L))).isEqualTo(Map.of("a", 1L));
        assertThat(roundTrip("a(uas)", List.of(List.of(1L, List.of("x", "y")), List.of(2L, List.of()))))
                .isEqualTo(List.of(List.of(1L, List.of("x", "y")), List.of(2L, List.of())));
        assertThat(roundTrip("v", new Variant("a{ss}", Map.of("a", "b"))))
                .isEqualTo(new Variant("a{ss}", Map.of("a", "b")));
        assertThat(roundTrip("h", FILE)).isSameAs(FILE);
    }

    @Test
    void bringsManagedObjectsThere() {
        Map<String, Object> properties = Map.of(
                "Processes", new Variant("a(uas)", List.of(List.of(7L, List.of("/bin/sh", "-c")))),
                "Capabilities", new Variant("as", List.of()),
                "Usage", new Variant("a{st}", Map.of()),
                "Id", new Variant("i", 3));
        Object objects = Map.of("/a/1", Map.of("a.B", properties), "/a/2", Map.of());

        assertThat(roundTrip("a{oa{sa{sv}}}", objects)).isEqualTo(objects);
    }

    @Test
    void takesANumberThatIsTooLargeForTheLargestThereIs() {
        assertThat(roundTrip("t", -1L)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void emptyListsOfStructsAreFollowedByTheRest() {
        assertThat(roundTrip("(a(sa{sv})s)", List.of(List.of(), "x"))).isEqualTo(List.of(List.of(), "x"));
        assertThat(roundTrip("(a{sa{sv}}s)", List.of(Map.of(), "x"))).isEqualTo(List.of(Map.of(), "x"));
    }

    @Test
    void replacesNulCharacters() {
        assertThat(roundTrip("as", List.of("a\0b"))).isEqualTo(List.of("a\ufffdb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "u", "as", "(ss)", "(s)u", "v", "h", "t", ""})
    void refusesValuesOfAnotherShape(String signature) {
        assertThatThrownBy(() -> roundTrip(signature, List.of(1, 2, 3))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileThatDidNotComeAlongIsAMalformedMessage() {
        byte[] bytes = encode("h", FILE);

        IncomingMessage message =
                IncomingMessage.decode(FakeMessages.frame(bytes)).orElseThrow();

        assertThatThrownBy(message::arguments).isInstanceOf(MalformedMessage.class);
    }

    private static Object roundTrip(String signature, Object value) {
        Frame sent = FakeMessages.frame(encode(signature, value));
        Frame received = new Frame(sent.fixed(), sent.header(), sent.body(), sent.size(), true, List.of(FILE));
        return IncomingMessage.decode(received).orElseThrow().arguments().all().get(0);
    }

    private static byte[] encode(String signature, Object value) {
        List<Object> values = new ArrayList<>(List.of(value));
        return OutgoingMessage.signal(new Signal("/a", "a.B", "C", signature, values, Optional.empty()))
                .bytes(1);
    }
}
