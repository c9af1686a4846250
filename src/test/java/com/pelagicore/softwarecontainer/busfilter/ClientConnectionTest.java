package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a contained client gets to know of the names on the bus. */
class ClientConnectionTest {

    private static final String BUS = "org.freedesktop.DBus";
    private static final String AGENT = "com.pelagicore.SoftwareContainerAgent";
    private static final String ME = ":1.50";
    private static final BusRule ECHO = rule(Direction.OUTGOING, "org.example.Echo", "Echo");
    private static final BusRule HEAR = rule(Direction.INCOMING, "org.example.Echo", "Said");

    private final FakeSocket client = new FakeSocket();
    private final FakeSocket host = new FakeSocket();
    private final FakeEvents events = new FakeEvents();
    private final Guarded guarded = new Guarded();
    private final List<String> logged = new ArrayList<>();

    @Test
    void hidesAllNamesFromWhoHasNoRule() {
        connect();

        ask(2, "ListNames");
        answer(2, "as", names(BUS, ME, ":1.7", "org.example.Echo", AGENT));

        assertThat(told()).containsExactly("return 2 [" + BUS + ", " + ME + "]");
    }

    @Test
    void showsWellKnownNamesToWhoHasARuleButNotTheAgent() {
        guarded.add(":1.2");
        connect(ECHO);

        ask(2, "ListNames");
        answer(2, "as", names(BUS, ME, ":1.7", ":1.2", "org.example.Echo", AGENT));

        assertThat(told()).containsExactly("return 2 [" + BUS + ", " + ME + ", org.example.Echo]");
    }

    @Test
    void showsTheAgentToWhoMayReachIt() {
        connect(rule(Direction.OUTGOING, AGENT, "List"));

        ask(2, "ListNames");
        answer(2, "as", names(AGENT));

        assertThat(told()).containsExactly("return 2 [" + AGENT + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*"})
    void takesARuleThatMatchesNothingForNone(String method) {
        connect(new BusRule(Bus.SYSTEM, Direction.BOTH, method.isEmpty() ? "*" : "", "*", List.of(method)));

        ask(2, "ListNames");
        answer(2, "as", names("org.example.Echo"));

        assertThat(told()).containsExactly("return 2 []");
    }

    @Test
    void filtersNamesWhicheverCallTheyAreTheAnswerOf() {
        connect();

        // two calls with one serial, the first of which wants no answer and gets one
        client.give(call(2, "ListNames").noReplyExpected().toBytes());
        ask(2, "GetId");
        answer(2, "as", names(BUS, "org.example.Echo"));

        assertThat(told()).containsExactly("return 2 [" + BUS + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "NameHasOwner, false",
        "GetNameOwner, error org.freedesktop.DBus.Error.NameHasNoOwner",
        "ListQueuedOwners, error org.freedesktop.DBus.Error.NameHasNoOwner",
        "GetConnectionUnixUser, error org.freedesktop.DBus.Error.NameHasNoOwner",
        "GetConnectionUnixProcessID, error org.freedesktop.DBus.Error.NameHasNoOwner",
        "GetConnectionCredentials, error org.freedesktop.DBus.Error.NameHasNoOwner"
    })
    void knowsNothingOfHiddenNames(String question, String answer) {
        connect();

        ask(2, question, "org.example.Echo");
        ask(3, question, ":1.7");
        ask(4, question, AGENT);

        assertThat(told()).allMatch(each -> each.endsWith(answer)).hasSize(3);
        assertThat(passedOn()).isEmpty();
        assertThat(logged).isEmpty();
    }

    @Test
    void doesNotTellOfProcessesOfTheHost() {
        connect(ECHO, rule(Direction.BOTH, "*", "*"));
        learn("org.example.Echo", ":1.7");

        for (String question :
                List.of("GetConnectionUnixUser", "GetConnectionUnixProcessID", "GetConnectionCredentials")) {
            ask(5, question, "org.example.Echo");
            ask(6, question, ":1.7");
            ask(7, question, BUS);
        }
        ask(8, "GetConnectionUnixProcessID", ME);
        ask(9, "GetConnectionCredentials", ME);

        assertThat(told()).hasSize(11).allMatch(each -> each.endsWith("AccessDenied"));
        assertThat(passedOn()).isEmpty();
    }

    @Test
    void tellsTheClientsOwnUser() {
        connect();

        ask(2, "GetConnectionUnixUser", ME);

        assertThat(passedOn()).containsExactly("GetConnectionUnixUser");
    }

    @Test
    void tellsOfAProcessIfARuleNamesTheInterfaceOfTheBus() {
        connect(ECHO, rule(Direction.OUTGOING, BUS, "GetConnectionUnix*"));
        learn("org.example.Echo", ":1.7");

        ask(5, "GetConnectionUnixProcessID", ":1.7");
        ask(6, "GetConnectionCredentials", ":1.7");
        ask(7, "GetConnectionUnixUser", ":1.8");

        assertThat(passedOn()).containsExactly("GetConnectionUnixProcessID");
    }

    @Test
    void knowsTheOwnerOfANameThatItMayKnow() {
        connect(ECHO);

        ask(2, "NameHasOwner", ":1.7");
        learn("org.example.Echo", ":1.7");
        ask(4, "NameHasOwner", ":1.7");

        assertThat(passedOn()).containsExactly("NameHasOwner");
    }

    @Test
    void knowsWhoSaidSomethingThatPassed() {
        connect(HEAR);

        fromHost(signal("Said", ":1.7"));
        fromHost(signal("Whispered", ":1.8"));
        ask(2, "NameHasOwner", ":1.7");
        ask(3, "NameHasOwner", ":1.8");

        assertThat(passedOn()).containsExactly("NameHasOwner");
        assertThat(told()).contains("return 3 false");
    }

    @Test
    void hearsOfTheOwnersOfNamesThatItMayKnowOnly() {
        guarded.add(":1.2");
        connect(HEAR);

        fromHost(changed(":1.7", "", ":1.7"));
        fromHost(changed("org.example.Echo", "", ":1.7"));
        fromHost(changed(AGENT, "", ":1.2"));
        fromHost(changed(":1.2", ":1.2", ""));
        fromHost(changed(":1.7", ":1.7", ""));
        fromHost(changed(":1.7", "", ":1.7"));

        assertThat(told()).containsExactly("NameOwnerChanged org.example.Echo", "NameOwnerChanged :1.7");
    }

    @Test
    void hearsOfNoOwnersWithoutARule() {
        connect();

        fromHost(changed("org.example.Echo", "", ":1.7"));
        fromHost(changed(ME, "", ME));

        assertThat(told()).containsExactly("NameOwnerChanged " + ME);
    }

    @Test
    void knowsItsOwnNamesAsLongAsItHasThem() {
        connect();

        fromHost(ofBus("NameAcquired").text("org.example.Mine"));
        ask(2, "GetNameOwner", "org.example.Mine");
        fromHost(ofBus("NameLost").text("org.example.Mine"));
        ask(3, "GetNameOwner", "org.example.Mine");

        assertThat(passedOn()).containsExactly("GetNameOwner");
        assertThat(told()).last().asString().startsWith("return 3 error");
    }

    @Test
    void copesWithMoreNamesThanItRemembers() {
        connect(HEAR);

        IntStream.rangeClosed(1, KnownNames.LIMIT + 1).forEach(i -> fromHost(signal("Said", ":2." + i)));
        ask(2, "NameHasOwner", ":2.1");
        ask(3, "NameHasOwner", ":2.2");

        assertThat(passedOn()).hasSize(1);
    }

    @Test
    void filtersListsThatAreLongerThanABuffer() {
        connect();
        String[] many =
                IntStream.range(0, 10_000).mapToObj(i -> "org.example.Name" + i).toArray(String[]::new);
        many[9_999] = ME;

        ask(2, "ListNames");
        answer(2, "as", names(many));

        assertThat(told()).containsExactly("return 2 [" + ME + "]");
    }

    @Test
    void answersAListThatIsTooLongWithAnError() {
        connect();
        String[] many =
                IntStream.range(0, 50_000).mapToObj(i -> "org.example.Name" + i).toArray(String[]::new);

        ask(2, "ListNames");
        answer(2, "as", names(many));

        assertThat(told()).containsExactly("return 2 error org.freedesktop.DBus.Error.AccessDenied");
    }

    @Test
    void doesNotShowABrokenList() {
        connect(ECHO);

        ask(2, "ListNames");
        answer(2, "as", new byte[] {100, 0, 0, 0, 1, 0, 0, 0, 'a', 0});

        assertThat(told()).containsExactly("return 2 []");
    }

    /** Authenticated, and after Hello. */
    private void connect(BusRule... rules) {
        FilteredBus bus = new FilteredBus(
                () -> host,
                events,
                new Policy(guarded, new Rules(List.of(rules))),
                new FilterLog("", logged::add, () -> 0));
        new ClientConnection(bus, events, client, host).start();
        client.give("\0AUTH EXTERNAL 30\r\nBEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
        host.give("DATA\r\nOK 0\r\nAGREE_UNIX_FD\r\n".getBytes(StandardCharsets.US_ASCII));
        ask(1, "Hello");
        answer(1, "s", text(ME));
        client.sent.reset();
        host.sent.reset();
    }

    private void ask(int serial, String member) {
        client.give(call(serial, member).toBytes());
        events.settle(client, host);
    }

    private void ask(int serial, String member, String name) {
        client.give(call(serial, member).text(name).toBytes());
        events.settle(client, host);
    }

    private static TestMessage call(int serial, String member) {
        return TestMessage.call(serial, BUS, BUS, member);
    }

    private void answer(int serial, String signature, byte[] body) {
        fromHost(TestMessage.reply(serial, ME)
                .field(7, 's', BUS)
                .field(8, 'g', signature)
                .body(body));
    }

    /** As GetNameOwner tells it. */
    private void learn(String name, String owner) {
        ask(100, "GetNameOwner", name);
        answer(100, "s", text(owner));
        client.sent.reset();
        host.sent.reset();
    }

    private void fromHost(TestMessage message) {
        host.give(message.toBytes());
        events.settle(client, host);
    }

    private static TestMessage ofBus(String member) {
        return TestMessage.signal(BUS, member).field(7, 's', BUS);
    }

    private static TestMessage changed(String name, String oldOwner, String newOwner) {
        return ofBus("NameOwnerChanged").texts(name, oldOwner, newOwner);
    }

    private static TestMessage signal(String member, String sender) {
        return TestMessage.signal("org.example.Echo", member).field(7, 's', sender);
    }

    /** What the client got, in short. */
    private List<String> told() {
        List<String> all = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.wrap(client.sent.toByteArray());
        while (stream.hasRemaining()) {
            MessageHeader header = HeaderParser.parse(stream).orElseThrow();
            all.add(told(header, stream));
            stream.position(stream.position() + (int) header.size());
        }
        return all;
    }

    private static String told(MessageHeader header, ByteBuffer message) {
        return switch (header.type()) {
            case SIGNAL ->
                header.member() + " " + BodyTexts.first(header, message).orElse("");
            case ERROR -> "return " + header.replySerial() + " error " + errorName(header, message);
            default ->
                "return " + header.replySerial() + " "
                        + (header.signature().equals("b")
                                ? "false"
                                : BodyTexts.array(header, message).orElseThrow());
        };
    }

    private static String errorName(MessageHeader header, ByteBuffer message) {
        byte[] bytes = new byte[header.headerSize()];
        message.duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int begin = text.indexOf("org.freedesktop.DBus.Error.");
        return text.substring(begin, text.indexOf(0, begin));
    }

    /** Members of the calls that the bus got. */
    private List<String> passedOn() {
        List<String> all = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.wrap(host.sent.toByteArray());
        while (stream.hasRemaining()) {
            MessageHeader header = HeaderParser.parse(stream).orElseThrow();
            all.add(header.member());
            stream.position(stream.position() + (int) header.size());
        }
        return all;
    }

    private static byte[] names(String... names) {
        ByteBuffer body =
                ByteBuffer.allocate(2_000_000).order(ByteOrder.LITTLE_ENDIAN).putInt(0);
        for (String name : names) {
            body.position((body.position() + 3) & ~3);
            body.put(text(name));
        }
        body.putInt(0, body.position() - 4);
        byte[] bytes = new byte[body.position()];
        body.get(0, bytes);
        return bytes;
    }

    private static byte[] text(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(raw.length + 5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(raw.length)
                .put(raw)
                .array();
    }

    private static BusRule rule(Direction direction, String interfaceName, String method) {
        return new BusRule(Bus.SYSTEM, direction, interfaceName, "*", List.of(method));
    }
}
