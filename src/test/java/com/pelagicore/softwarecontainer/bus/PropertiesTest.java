package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects with properties, families of objects, and answers that come later, over a connection. */
class PropertiesTest {

    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    private static final String ERROR = "org.freedesktop.DBus.Error.";
    private static final String XML =
            """
            <node>
              <interface name="x.Face">
                <method name="Wait"><arg type="s" direction="out" name="out"/></method>
                <property name="Name" type="s" access="read"/>
                <property name="Sizes" type="a{st}" access="read"/>
                <property name="Mood" type="s" access="readwrite"/>
              </interface>
            </node>
            """;
    private static final Introspection FACE = new Introspection(XML, IntrospectionParser.parse(XML));

    private final FakeBus bus = new FakeBus();
    private volatile String mood = "fair";
    private final CompletableFuture<Reply> later = new CompletableFuture<>();
    private final BusConnection connection = BusConnection.connect(bus, BusLimits.STANDARD, loss -> {});

    @BeforeEach
    void serve() {
        List<MethodHandler> methods =
                List.of(MethodHandler.ofAll("x.Face", "Wait", new Turn.Parallel(), call -> new Answer.Later(later)));
        List<PropertyHandler> properties = List.of(
                new PropertyHandler("x.Face", "Name", path -> "I am " + path),
                new PropertyHandler("x.Face", "Sizes", path -> Map.of("a", 5L)),
                new PropertyHandler(
                        "x.Face",
                        "Mood",
                        path -> mood,
                        Optional.of((call, value) -> mood = call.credentials().uid() + " made it " + value)));
        connection.register("/x", new ObjectFamily(new BusObject(FACE, methods, properties), Set.of("one", "two")));
        connection.start();
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void readsAPropertyOfTheObjectThatIsAsked() {
        assertThat(ask("/x/one", "Get", "ss", "x.Face", "Name").value()).isEqualTo(new Variant("s", "I am /x/one"));
        assertThat(ask("/x/two", "Get", "ss", "", "Name").value()).isEqualTo(new Variant("s", "I am /x/two"));
    }

    @Test
    void readsAllPropertiesOfAnInterface() {
        assertThat(ask("/x/one", "GetAll", "s", "x.Face").value())
                .isEqualTo(Map.of(
                        "Name",
                        new Variant("s", "I am /x/one"),
                        "Sizes",
                        new Variant("a{st}", Map.of("a", 5L)),
                        "Mood",
                        new Variant("s", "fair")));
        assertThat(ask("/x/one", "GetAll", "s", PROPERTIES).value()).isEqualTo(Map.of());
    }

    @Test
    void saysWhatIsUnknownAndWhatCannotBeSet() {
        assertThat(ask("/x/one", "Get", "ss", "x.Face", "Nope").error()).isEqualTo(ERROR + "UnknownProperty");
        assertThat(ask("/x/one", "Get", "ss", "x.Nope", "Name").error()).isEqualTo(ERROR + "UnknownInterface");
        assertThat(ask("/x/three", "Get", "ss", "x.Face", "Name").error()).isEqualTo(ERROR + "UnknownObject");
        Object value = new org.freedesktop.dbus.types.Variant<>("v");
        assertThat(ask("/x/one", "Set", "ssv", "x.Face", "Name", value).error()).isEqualTo(ERROR + "PropertyReadOnly");
        assertThat(ask("/x/one", "Set", "ssv", "x.Face", "Nope", value).error()).isEqualTo(ERROR + "UnknownProperty");
    }

    @Test
    void setsAPropertyAndSaysForWhom() {
        bus.uids.put(FakeBus.CLIENT, 1000L);

        Object value = new org.freedesktop.dbus.types.Variant<>("better");
        assertThat(ask("/x/one", "Set", "ssv", "x.Face", "Mood", value).values())
                .isEmpty();

        assertThat(ask("/x/one", "Get", "ss", "x.Face", "Mood").value())
                .isEqualTo(new Variant("s", "1000 made it better"));
    }

    @Test
    void refusesAValueOfAnotherType() {
        Object value = new org.freedesktop.dbus.types.Variant<>(5);

        assertThat(ask("/x/one", "Set", "ssv", "x.Face", "Mood", value).error()).isEqualTo(ERROR + "InvalidArgs");

        assertThat(ask("/x/one", "Get", "ss", "x.Face", "Mood").value()).isEqualTo(new Variant("s", "fair"));
    }

    @Test
    void refusesAPropertyWithoutHandlerAndAHandlerWithoutProperty() {
        List<MethodHandler> methods =
                List.of(MethodHandler.ofAll("x.Face", "Wait", new Turn.Inline(), call -> Reply.empty()));
        PropertyHandler name = new PropertyHandler("x.Face", "Name", path -> "");
        PropertyHandler nope = new PropertyHandler("x.Face", "Nope", path -> "");

        assertThatThrownBy(() -> new BusObject(FACE, methods, List.of(name))).hasMessageContaining("x.Face.Sizes");
        assertThatThrownBy(() -> new BusObject(FACE, methods, List.of(name, name, nope)))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void answersLaterAndServesOthersMeanwhile() {
        int serial = bus.call("/x/one", "x.Face", "Wait", null);
        assertThat(ask("/x/one", "Get", "ss", "x.Face", "Name").error()).isEmpty();

        later.complete(Reply.of("at last"));

        assertThat(bus.answer())
                .extracting(FakeAnswer::replySerial, FakeAnswer::value)
                .containsExactly(serial, "at last");
    }

    @Test
    void answersLaterWithAnError() {
        bus.call("/x/one", "x.Face", "Wait", null);

        later.completeExceptionally(new BusError("x.Error", "too late"));

        assertThat(bus.answer())
                .extracting(FakeAnswer::error, FakeAnswer::value)
                .containsExactly("x.Error", "too late");
    }

    private FakeAnswer ask(String path, String member, String signature, Object... arguments) {
        int serial = bus.call(path, PROPERTIES, member, signature, arguments);
        FakeAnswer answer = bus.answer();
        assertThat(answer.replySerial()).isEqualTo(serial);
        return answer;
    }
}
