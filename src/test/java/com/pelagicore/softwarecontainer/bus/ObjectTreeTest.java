package com.pelagicore.softwarecontainer.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectTreeTest {

    private static final Introspection ONE = describe("x.One", "Run", "Same");
    private static final Introspection TWO = describe("x.Two", "Run", "Other");

    private final ObjectTree tree = new ObjectTree();

    @BeforeEach
    void addObjects() {
        tree.add("/com/a", object(ONE, TWO));
        tree.add("/com/b/c", object(ONE));
    }

    @Test
    void findsAMethodByPathInterfaceAndMember() {
        assertThat(find("/com/a", "x.One", "Run").interfaceName()).isEqualTo("x.One");
        assertThat(find("/com/a", "x.Two", "Run").interfaceName()).isEqualTo("x.Two");
    }

    @Test
    void findsAMemberThatOnlyOneInterfaceHasWithoutIt() {
        assertThat(tree.find("/com/a", Optional.empty(), "Other").interfaceName())
                .isEqualTo("x.Two");
        assertThat(tree.find("/com/a", Optional.empty(), "Ping").interfaceName())
                .isEqualTo("org.freedesktop.DBus.Peer");
    }

    @Test
    void refusesAnAmbiguousMember() {
        assertError(() -> tree.find("/com/a", Optional.empty(), "Run"), "UnknownMethod");
    }

    @Test
    void doesNotFindAMemberUnderAnotherInterface() {
        assertError(() -> find("/com/a", "x.One", "Other"), "UnknownMethod");
        assertError(() -> find("/com/b/c", "x.Two", "Run"), "UnknownInterface");
    }

    @Test
    void saysWhatIsUnknown() {
        assertError(() -> find("/com/a", "x.One", "Nope"), "UnknownMethod");
        assertError(() -> find("/com/a", "x.Nope", "Run"), "UnknownInterface");
        assertError(() -> find("/nope", "x.One", "Run"), "UnknownObject");
        assertError(() -> find("/com", "x.One", "Run"), "UnknownInterface");
        assertError(() -> tree.find("/nope", Optional.empty(), "Run"), "UnknownObject");
    }

    @Test
    void answersPeerAtAnyPath() {
        assertThat(find("/nope", "org.freedesktop.DBus.Peer", "Ping").method().outSignature())
                .isEmpty();
    }

    @Test
    void listsChildrenAbove() {
        assertThat(introspect("/")).contains("<node name=\"com\"/>").doesNotContain("\"a\"");
        assertThat(introspect("/com")).contains("<node name=\"a\"/>\n  <node name=\"b\"/>");
        assertThat(introspect("/com/b")).contains("<node name=\"c\"/>");
        assertThat(introspect("/com/a")).isEqualTo("xml");
    }

    @Test
    void findsTheMembersOfAFamilyWhileTheyAreThere() {
        Set<String> names = new TreeSet<>(Set.of("1"));
        tree.add("/com/a/each", new ObjectFamily(object(TWO), names));

        assertThat(find("/com/a/each/1", "x.Two", "Run").interfaceName()).isEqualTo("x.Two");
        assertError(() -> find("/com/a/each/2", "x.Two", "Run"), "UnknownObject");
        assertError(() -> find("/com/a/each/1/1", "x.Two", "Run"), "UnknownObject");
        names.add("2");
        names.remove("1");

        assertThat(find("/com/a/each/2", "x.Two", "Run").interfaceName()).isEqualTo("x.Two");
        assertError(() -> find("/com/a/each/1", "x.Two", "Run"), "UnknownObject");
        assertThat(introspect("/com/a/each")).contains("<node name=\"2\"/>").doesNotContain("\"1\"");
        assertThat(introspect("/com/a/each/2")).isEqualTo("xml");
    }

    @Test
    void refusesASecondFamilyAtAPath() {
        tree.add("/f", new ObjectFamily(object(TWO), Set.of()));

        assertThatThrownBy(() -> tree.add("/f", new ObjectFamily(object(TWO), Set.of())))
                .hasMessageContaining("'/f'");
    }

    @Test
    void refusesASecondObjectAtAPath() {
        assertThatThrownBy(() -> tree.add("/com/a", object(ONE))).hasMessageContaining("'/com/a'");
    }

    @Test
    void refusesAnObjectWhoseHandlersAreNotThoseOfItsXml() {
        MethodHandler handler = MethodHandler.ofAll("x.One", "Run", new Turn.Inline(), call -> Reply.empty());
        MethodHandler unknown = MethodHandler.ofAll("x.One", "Nope", new Turn.Inline(), call -> Reply.empty());

        assertThatThrownBy(() -> new BusObject(ONE, List.of(handler))).hasMessageContaining("x.One.Same");
        assertThatThrownBy(() -> new BusObject(describe("x.One", "Run"), List.of(handler, unknown)))
                .hasMessageContaining("x.One.Nope");
    }

    private Route find(String path, String interfaceName, String member) {
        return tree.find(path, Optional.of(interfaceName), member);
    }

    private String introspect(String path) {
        Route route = find(path, "org.freedesktop.DBus.Introspectable", "Introspect");
        BusCall call =
                new BusCall(":1.2", Credentials.UNKNOWN, false, path, "", "Introspect", new Arguments(List.of()));
        return (String) ((Reply) route.admission().admit(call).join().handle(call))
                .values()
                .get(0);
    }

    private static void assertError(ThrowingCallable find, String name) {
        assertThatThrownBy(find).isInstanceOfSatisfying(BusError.class, error -> assertThat(error.name())
                .isEqualTo("org.freedesktop.DBus.Error." + name));
    }

    private static Introspection describe(String interfaceName, String... members) {
        List<MethodDescription> methods = List.of(members).stream()
                .map(member -> new MethodDescription(member, "", List.of(), "", List.of()))
                .toList();
        return new Introspection("xml", List.of(new InterfaceDescription(interfaceName, methods, List.of())));
    }

    private static BusObject object(Introspection... parts) {
        List<InterfaceDescription> interfaces = List.of(parts).stream()
                .flatMap(part -> part.interfaces().stream())
                .toList();
        List<MethodHandler> handlers = interfaces.stream()
                .flatMap(described -> described.methods().stream()
                        .map(method -> MethodHandler.ofAll(
                                described.name(), method.name(), new Turn.Inline(), call -> Reply.empty())))
                .toList();
        return new BusObject(new Introspection("xml", interfaces), handlers);
    }
}
