package com.pelagicore.softwarecontainer.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A polkit on the bus of an agent under test: the real one with rules of the test, or a strange one. */
final class PolkitDaemon implements AutoCloseable {

    static final String NAME = "org.freedesktop.PolicyKit1";
    static final Path PROGRAM = Path.of("/usr/lib/polkit-1/polkitd");

    /** Arguments: how long it thinks (s; negative: for ever), and what it says. Prints each question, and each answer. */
    private static final String STRANGE =
            """
            import sys
            import dbus, dbus.service, dbus.mainloop.glib
            from gi.repository import GLib
            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            NAME = 'org.freedesktop.PolicyKit1'
            bus = dbus.SystemBus()
            delay, says = float(sys.argv[1]), sys.argv[2]
            answers = {'yes': (True, False, {}), 'challenge': (False, True, {}), 'number': 1, 'text': ('yes', True, {})}
            signatures = {'number': 'u', 'text': '(sba{ss})'}
            class Authority(dbus.service.Object):
                @dbus.service.method(NAME + '.Authority', '(sa{sv})sa{ss}us', signatures.get(says, '(bba{ss})'),
                                     async_callbacks=('answer', 'fail'))
                def CheckAuthorization(self, subject, action, details, flags, cancellation, answer, fail):
                    print('asked', subject[0], action, int(flags), flush=True)
                    def say():
                        answer(answers[says])
                        print('answered', flush=True)
                    if delay >= 0:
                        GLib.timeout_add(int(delay * 1000), say)
                @dbus.service.method(NAME + '.Authority', 's', '')
                def CancelCheckAuthorization(self, cancellation):
                    print('cancelled', flush=True)
            Authority(bus, '/org/freedesktop/PolicyKit1/Authority')
            bus.request_name(NAME)
            print('ready', flush=True)
            GLib.MainLoop().run()
            """;

    private final Process process;
    private final BufferedReader lines;

    private PolkitDaemon(LiveAgent agent, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", agent.bus().address());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** One that thinks for so long, or without end if it is negative, and then says {@code yes}, for instance. */
    static PolkitDaemon strange(LiveAgent agent, double delaySeconds, String says) {
        PolkitDaemon polkit =
                new PolkitDaemon(agent, List.of("/usr/bin/python3", "-c", STRANGE, String.valueOf(delaySeconds), says));
        polkit.awaitLine("ready");
        return polkit;
    }

    /** The real one, with the actions in conf/ and these rules (polkit(8)). */
    static PolkitDaemon real(LiveAgent agent, String rules) {
        try {
            Path actions = Files.createDirectories(agent.directory().resolve("polkit/actions"));
            Path directory = Files.createDirectories(agent.directory().resolve("polkit/rules.d"));
            Files.copy(
                    Path.of("conf/com.pelagicore.SoftwareContainer.policy"),
                    actions.resolve("com.pelagicore.SoftwareContainer.policy"));
            Files.writeString(directory.resolve("50-test.rules"), rules);
            for (Path each : List.of(actions.getParent(), actions, directory)) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            String start = "mount --bind $0 /usr/share/polkit-1/actions && mount --bind $1 /usr/share/polkit-1/rules.d"
                    + " && exec " + PROGRAM + " --no-debug";
            List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
            command.addAll(List.of("/bin/sh", "-c", start, actions.toString(), directory.toString()));
            PolkitDaemon polkit = new PolkitDaemon(agent, command);
            Deadlines.await(() -> isThere(agent));
            return polkit;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(LiveAgent agent) {
        try (BusClient client = new BusClient(agent.bus().socket(), signal -> {})) {
            return client.hasOwner(NAME);
        }
    }

    /** Of a strange one: waits for the next line that begins so, and gives it. */
    String awaitLine(String start) {
        return Deadlines.get(CompletableFuture.supplyAsync(() -> nextLine(start)));
    }

    private String nextLine(String start) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
            throw new AssertionError("polkit ended without a line '" + start + "'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        try {
            if (!process.waitFor(Deadlines.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("polkit does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
