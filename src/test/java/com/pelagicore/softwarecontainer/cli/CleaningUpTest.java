package com.pelagicore.softwarecontainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.bus.BusError;
import com.pelagicore.softwarecontainer.bus.FakeBus;
import com.pelagicore.softwarecontainer.bus.FakeBus.Other;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tool says if a container cannot be destroyed again after something else went wrong. */
class CleaningUpTest {

    private static final String AGENT = ":1.9";
    private static final String STANDARD = "org.freedesktop.DBus.Error.";

    private final FakeBus bus = new FakeBus();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();

    @BeforeEach
    void anAgentWhoseContainersCannotBeDestroyed() {
        bus.others.put("GetNameOwner", new Other("org.freedesktop.DBus", "s", AGENT));
        bus.others.put("Create", new Other(AGENT, "o", new DBusPath(AgentMethod.CONTAINER_PATH + "7")));
        refuse("Destroy", "NoReply");
    }

    @ParameterizedTest
    @CsvSource({"create -g a, 4", "run -g a true, 125"})
    void saysFirstWhyAContainerCannotBeMade(String arguments, int status) {
        refuse("Grant", "AccessDenied");

        assertThat(run(arguments)).isEqualTo(status);
        assertThat(error.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        softwarecontainer: access denied: no
                        softwarecontainer: the agent did not answer: no
                        """);
        assertThat(bus.asked).contains("Destroy[]");
    }

    @Test
    void saysFirstWhyAProgramCannotBeStarted() {
        refuse("ExecuteInTerminal", "AccessDenied");

        assertThat(run("run -t true")).isEqualTo(ExitStatus.TOOL_FAILED);
        assertThat(error.toString(StandardCharsets.UTF_8))
                .startsWith("softwarecontainer: access denied: no\n")
                .endsWith("softwarecontainer: the agent did not answer: no\n");
    }

    private void refuse(String member, String name) {
        bus.others.put(member, new Other(AGENT, "s", new BusError(STANDARD + name, "no")));
    }

    private int run(String arguments) {
        ToolHost host = new ToolHost(
                new FakeConsole(),
                addresses -> bus,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(error, true, StandardCharsets.UTF_8),
                Map.of(),
                Path.of("/here"),
                "1.2.3");
        return Tool.run(host, arguments.split(" "));
    }
}
