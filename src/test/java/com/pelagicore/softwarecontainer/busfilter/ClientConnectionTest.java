package com.pelagicore.softwarecontainer.busfilter;

import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.AGENT;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.BUS;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.ECHO;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.HEAR;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.ME;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.changed;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.ofBus;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.rule;
import static com.pelagicore.softwarecontainer.busfilter.ContainedClient.signal;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a contained client gets to know of single names, their owners and the host's processes. */
class ClientConnectionTest {

    private final ContainedClient client = new ContainedClient();

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
        client.connect();

        client.ask(2, question, "org.example.Echo");
        client.ask(3, question, ":1.7");
        client.ask(4, question, AGENT);

        assertThat(client.told()).allMatch(each -> each.endsWith(answer)).hasSize(3);
        assertThat(client.passedOn()).isEmpty();
        assertThat(client.logged).isEmpty();
    }

    @Test
    void doesNotTellOfProcessesOfTheHost() {
        client.connect(ECHO, rule(Direction.BOTH, "*", "*"));
        client.learn("org.example.Echo", ":1.7");

        for (String question :
                List.of("GetConnectionUnixUser", "GetConnectionUnixProcessID", "GetConnectionCredentials")) {
            client.ask(5, question, "org.example.Echo");
            client.ask(6, question, ":1.7");
            client.ask(7, question, BUS);
        }
        client.ask(8, "GetConnectionUnixProcessID", ME);
        client.ask(9, "GetConnectionCredentials", ME);

        assertThat(client.told()).hasSize(11).allMatch(each -> each.endsWith("AccessDenied"));
        assertThat(client.passedOn()).isEmpty();
    }

    @Test
    void tellsTheClientsOwnUser() {
        client.connect();

        client.ask(2, "GetConnectionUnixUser", ME);

        assertThat(client.passedOn()).containsExactly("GetConnectionUnixUser");
    }

    @Test
    void tellsOfAProcessIfARuleNamesTheInterfaceOfTheBus() {
        client.connect(ECHO, rule(Direction.OUTGOING, BUS, "GetConnectionUnix*"));
        client.learn("org.example.Echo", ":1.7");

        client.ask(5, "GetConnectionUnixProcessID", ":1.7");
        client.ask(6, "GetConnectionCredentials", ":1.7");
        client.ask(7, "GetConnectionUnixUser", ":1.8");

        assertThat(client.passedOn()).containsExactly("GetConnectionUnixProcessID");
    }

    @Test
    void knowsTheOwnerOfANameThatItMayKnow() {
        client.connect(ECHO);

        client.ask(2, "NameHasOwner", ":1.7");
        client.learn("org.example.Echo", ":1.7");
        client.ask(4, "NameHasOwner", ":1.7");

        assertThat(client.passedOn()).containsExactly("NameHasOwner");
    }

    @Test
    void knowsWhoSaidSomethingThatPassed() {
        client.connect(HEAR);

        client.fromHost(signal("Said", ":1.7"));
        client.fromHost(signal("Whispered", ":1.8"));
        client.ask(2, "NameHasOwner", ":1.7");
        client.ask(3, "NameHasOwner", ":1.8");

        assertThat(client.passedOn()).containsExactly("NameHasOwner");
        assertThat(client.told()).contains("return 3 false");
    }

    @Test
    void hearsOfTheOwnersOfNamesThatItMayKnowOnly() {
        client.guarded.add(":1.2");
        client.connect(HEAR);

        client.fromHost(changed(":1.7", "", ":1.7"));
        client.fromHost(changed("org.example.Echo", "", ":1.7"));
        client.fromHost(changed(AGENT, "", ":1.2"));
        client.fromHost(changed(":1.2", ":1.2", ""));
        client.fromHost(changed(":1.7", ":1.7", ""));
        client.fromHost(changed(":1.7", "", ":1.7"));

        assertThat(client.told()).containsExactly("NameOwnerChanged org.example.Echo", "NameOwnerChanged :1.7");
    }

    @Test
    void hearsOfNoOwnersWithoutARule() {
        client.connect();

        client.fromHost(changed("org.example.Echo", "", ":1.7"));
        client.fromHost(changed(ME, "", ME));

        assertThat(client.told()).containsExactly("NameOwnerChanged " + ME);
    }

    @Test
    void knowsItsOwnNamesAsLongAsItHasThem() {
        client.connect();

        client.fromHost(ofBus("NameAcquired").text("org.example.Mine"));
        client.ask(2, "GetNameOwner", "org.example.Mine");
        client.fromHost(ofBus("NameLost").text("org.example.Mine"));
        client.ask(3, "GetNameOwner", "org.example.Mine");

        assertThat(client.passedOn()).containsExactly("GetNameOwner");
        assertThat(client.told()).last().asString().startsWith("return 3 error");
    }

    @Test
    void copesWithMoreNamesThanItRemembers() {
        client.connect(HEAR);

        IntStream.rangeClosed(1, KnownNames.LIMIT + 1).forEach(i -> client.fromHost(signal("Said", ":2." + i)));
        client.ask(2, "NameHasOwner", ":2.1");
        client.ask(3, "NameHasOwner", ":2.2");

        assertThat(client.passedOn()).hasSize(1);
    }
}
