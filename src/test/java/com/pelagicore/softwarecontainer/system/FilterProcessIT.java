package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.UserIds;
import com.pelagicore.softwarecontainer.linux.FilterProcess;
import com.pelagicore.softwarecontainer.linux.FilterProgram;
import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of the real filter process under agents that come and go; clients connect to the sockets outside. */
final class FilterProcessIT {

    private static final String MAIN = "com.pelagicore.softwarecontainer.daemon.FilterMain";
    private static final int NOBODY = 65534;
    /** "daemon", as a bus admits only users that the host knows. */
    private static final int OTHER = 1;

    private static final BusRule ALL = new BusRule(Bus.SYSTEM, Direction.BOTH, "*", "*", List.of("*"));
    private static final String PASSED = "org.freedesktop.DBus.Error.ServiceUnknown";
    private static final String DENIED = "org.freedesktop.DBus.Error.AccessDenied";
    private static final String HUNG_UP = "hung up";
    private static final BusMessage.Target PING = new BusMessage.Target("/", "org.freedesktop.DBus.Peer", "Ping");

    @TempDir
    private Path directory;

    private PrivateBus bus;
    private final List<FilterProcess> agents = new ArrayList<>();
    private final List<BusClient> clients = new ArrayList<>();

    @BeforeEach
    void startTheBus() throws IOException {
        // the filter connects to the bus as a user that is not root
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        bus = new PrivateBus(directory);
        container("SC-0");
        container("SC-1");
    }

    @AfterEach
    void endAll() {
        agents.get(agents.size() - 1).closeOthers(Set.of());
        agents.get(agents.size() - 1).close("SC-0", Bus.SYSTEM);
        agents.get(agents.size() - 1).close("SC-1", Bus.SYSTEM);
        clients.forEach(BusClient::close);
        agents.forEach(FilterProcess::close);
        filters().forEach(HostProcess::awaitEnd);
        bus.close();
    }

    @Test
    void servesClientsOnWhileAnAgentTakesThePlaceOfAnother() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        BusClient client = client(first, "SC-0");
        HostProcess filter = filter();

        first.close();
        FilterProcess second = agent(NOBODY);
        boolean same = second.resume("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of());

        assertThat(same).isTrue();
        assertThat(filter()).isEqualTo(filter);
        assertThat(ask(client)).isEqualTo(DENIED);
        second.replaceRules("SC-0", Bus.SYSTEM, List.of(ALL));
        assertThat(ask(client)).isEqualTo(PASSED);
        assertThat(ask(client(second, "SC-0"))).isEqualTo(PASSED);
    }

    @Test
    void keepsTheSocketForAnAgentThatFindsNoRunningFilterLater() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        first.close();
        FilterProcess second = agent(NOBODY);
        second.resume("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));

        HostProcess filter = filter();
        filter.kill();
        filter.awaitEnd();

        assertThat(ask(client(second, "SC-0"))).isEqualTo(PASSED);
        assertThat(filter()).isNotEqualTo(filter);
    }

    @Test
    void makesANewSocketIfAgentAndFilterDied() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        first.close();
        filter().kill();
        filters().forEach(HostProcess::awaitEnd);

        FilterProcess second = agent(NOBODY);

        assertThat(second.resume("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL)))
                .isFalse();
        assertThat(ask(client(second, "SC-0"))).isEqualTo(PASSED);
    }

    @Test
    void closesWhatIsNoMoreWanted() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        first.open("SC-1", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        BusClient kept = client(first, "SC-0");
        BusClient dropped = client(first, "SC-1");
        first.close();
        FilterProcess second = agent(NOBODY);

        second.resume("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        second.closeOthers(Set.of("SC-2"));

        assertThat(ask(kept)).isEqualTo(PASSED);
        assertThat(ask(dropped)).isEqualTo(HUNG_UP);
        assertThat(second.socket("SC-1", Bus.SYSTEM)).doesNotExist();
        assertThat(second.socket("SC-0", Bus.SYSTEM)).exists();
    }

    @Test
    void sparesBusesOfContainersThatNobodyUnderstands() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-1", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        BusClient client = client(first, "SC-1");
        first.close();

        agent(NOBODY).closeOthers(Set.of("SC-1"));

        assertThat(ask(client)).isEqualTo(PASSED);
    }

    @Test
    void replacesAFilterOfAnotherKindWithoutDroppingClients() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        BusClient early = client(first, "SC-0");
        HostProcess old = filter();
        first.close();

        FilterProcess second = agent(OTHER);
        boolean same = second.resume("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        BusClient late = client(second, "SC-0");

        assertThat(same).isTrue();
        assertThat(ask(early)).isEqualTo(PASSED);
        assertThat(ask(late)).isEqualTo(PASSED);
        assertThat(userOf(early)).isEqualTo(NOBODY);
        assertThat(userOf(late)).isEqualTo(OTHER);
        assertThat(old.isAlive()).isTrue();
        early.close();
        old.awaitEnd();
        assertThat(ask(late)).isEqualTo(PASSED);
    }

    @Test
    void opensAgainWithoutWhoWasConnectedBefore() {
        FilterProcess first = agent(NOBODY);
        first.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        BusClient before = client(first, "SC-0");
        first.close();
        FilterProcess second = agent(NOBODY);

        second.close("SC-0", Bus.SYSTEM);
        second.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));

        assertThat(ask(before)).isEqualTo(HUNG_UP);
        assertThat(ask(client(second, "SC-0"))).isEqualTo(PASSED);
    }

    @Test
    void closesTheBusOfAFilterThatHasDied() {
        FilterProcess agent = agent(NOBODY);
        agent.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        filter().kill();

        agent.close("SC-0", Bus.SYSTEM);

        assertThat(agent.socket("SC-0", Bus.SYSTEM)).doesNotExist();
    }

    @Test
    void comesBackHoweverOftenItDies() {
        FilterProcess agent = agent(NOBODY);
        agent.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        for (int deaths = 0; deaths < 4; deaths++) {
            HostProcess filter = filter();
            filter.kill();
            filter.awaitEnd();

            assertThat(ask(client(agent, "SC-0"))).isEqualTo(PASSED);
        }
    }

    /** Takes as long as the agent has patience. */
    @Test
    void replacesAFilterThatHangs() {
        FilterProcess agent = agent(NOBODY);
        agent.open("SC-0", Bus.SYSTEM, OptionalInt.empty(), List.of());
        HostProcess hanging = filter();
        Programs.run("/bin/kill", "-STOP", Long.toString(hanging.pid()));

        assertThatThrownBy(() -> agent.replaceRules("SC-0", Bus.SYSTEM, List.of(ALL)))
                .hasMessage("the D-Bus filter does not answer");

        hanging.awaitEnd();
        assertThat(ask(client(agent, "SC-0"))).isEqualTo(DENIED);
        agent.replaceRules("SC-0", Bus.SYSTEM, List.of(ALL));
        assertThat(ask(client(agent, "SC-0"))).isEqualTo(PASSED);
    }

    @Test
    void takesTheConnectionsOfManyContainersOver() {
        FilterProcess first = agent(NOBODY);
        for (int i = 0; i < 100; i++) {
            container("SC-" + (100 + i));
            first.open("SC-" + (100 + i), Bus.SYSTEM, OptionalInt.empty(), List.of(ALL));
        }
        first.close();
        FilterProcess second = agent(NOBODY);

        for (int i = 0; i < 100; i++) {
            assertThat(second.resume("SC-" + (100 + i), Bus.SYSTEM, OptionalInt.empty(), List.of(ALL)))
                    .isTrue();
        }

        assertThat(ask(client(second, "SC-199"))).isEqualTo(PASSED);
        for (int i = 0; i < 100; i++) {
            second.close("SC-" + (100 + i), Bus.SYSTEM);
        }
    }

    private void container(String name) {
        try {
            Files.createDirectory(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FilterProcess agent(int user) {
        FilterProcess agent = new FilterProcess(
                directory, new FilterProgram(MAIN, user, UserIds.NONE), Map.of(Bus.SYSTEM, bus.address()), Map.of());
        agents.add(agent);
        return agent;
    }

    private BusClient client(FilterProcess agent, String container) {
        BusClient client = new BusClient(agent.socket(container, Bus.SYSTEM), signal -> {});
        clients.add(client);
        return client;
    }

    /** What becomes of a call to nobody: only the bus knows that there is nobody. */
    private static String ask(BusClient client) {
        return Deadlines.get(client.send("org.example.Nobody", PING, "", new byte[0])
                .handle((result, failure) -> failure instanceof BusError error ? error.name() : HUNG_UP));
    }

    private static long userOf(BusClient client) {
        BusMessage.Target user =
                new BusMessage.Target("/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixUser");
        return ((Number) client.call("org.freedesktop.DBus", user, "s", client.uniqueName())
                        .get(0))
                .longValue();
    }

    private HostProcess filter() {
        Deadlines.await(() -> filters().size() == 1);
        return filters().get(0);
    }

    private List<HostProcess> filters() {
        return HostProcess.all()
                .filter(process -> process.read("cmdline").contains("FilterMain\0" + directory))
                .filter(HostProcess::isAlive)
                .toList();
    }
}
