package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Open files and terminals over the newer D-Bus interface, with a client that has another D-Bus library. */
@SystemTest
final class StreamsIT {

    private static final String CLIENT =
            """
            import dbus, fcntl, os, select, struct, sys, termios, time
            import dbus.mainloop.glib
            from gi.repository import GLib

            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            NAME = 'com.pelagicore.SoftwareContainer'
            bus = dbus.SystemBus()
            agent = dbus.Interface(bus.get_object(NAME, '/com/pelagicore/SoftwareContainer'), NAME + '.Agent1')
            path = agent.Create({})
            container = dbus.Interface(bus.get_object(NAME, path), NAME + '.Container1')
            ends = {}
            loop = GLib.MainLoop()

            def exited(pid, reason, code):
                ends[int(pid)] = (str(reason), int(code))
                loop.quit()

            bus.add_signal_receiver(exited, 'ProcessExited', NAME + '.Container1', path=path)
            GLib.timeout_add_seconds(20, lambda: sys.exit('no end was told'))

            def wait(pid):
                while int(pid) not in ends:
                    loop.run()
                return ends[int(pid)]

            def read(fd):
                all = b''
                while True:
                    try:
                        some = os.read(fd, 4096)
                    except OSError: # EIO: nobody is on the terminal any more
                        return all
                    if not some:
                        return all
                    all += some

            def read_until(fd, text):
                all = b''
                while text not in all:
                    if not select.select([fd], [], [], 20)[0]:
                        sys.exit('only %r instead of %r' % (all, text))
                    all += os.read(fd, 4096)
                return all
            """;

    @Test
    void givesAProgramTheFilesThatCameWithTheCall(LiveAgent agent) {
        String printed = run(
                agent,
                """
                (in_r, in_w), (out_r, out_w), (err_r, err_w) = os.pipe(), os.pipe(), os.pipe()
                pid = container.Execute(['sh', '-c', 'tr a-z A-Z; echo wrong >&2; exit 3'], {
                    'StandardInput': dbus.types.UnixFd(in_r), 'StandardOutput': dbus.types.UnixFd(out_w),
                    'StandardError': dbus.types.UnixFd(err_w)})
                for fd in in_r, out_w, err_w:
                    os.close(fd)
                os.write(in_w, b'typed')
                os.close(in_w)
                print(read(out_r), read(err_r), wait(pid))
                """);

        assertThat(printed).isEqualTo("b'TYPED' b'wrong\\n' ('exited', 3)");
    }

    @Test
    void endsAProgramWhoseReaderHasGone(LiveAgent agent) {
        String printed = run(
                agent,
                """
                r, w = os.pipe()
                pid = container.Execute(['yes'], {'StandardOutput': dbus.types.UnixFd(w)})
                os.close(w)
                os.read(r, 10)
                os.close(r)
                print(wait(pid))
                """);

        assertThat(printed).isEqualTo("('killed', 13)");
    }

    @Test
    void runsAProgramOnATerminalThatItsCallerResizes(LiveAgent agent) {
        String printed = run(
                agent,
                """
                pid, terminal = container.ExecuteInTerminal(
                    ['sh', '-c', 'stty size; tty; trap "stty size; exit 6" WINCH; echo rea""dy; while :; do sleep 0.05; done'],
                    {'Rows': dbus.UInt16(30), 'Columns': dbus.UInt16(100)})
                terminal = terminal.take()
                shown = read_until(terminal, b'ready')
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
                shown += read(terminal)
                print(shown.decode().split(), wait(pid))
                """);

        assertThat(printed).isEqualTo("['30', '100', '/dev/pts/0', 'ready', '40', '120'] ('exited', 6)");
    }

    @Test
    void passesKeysOnAndHangsUp(LiveAgent agent) {
        String printed = run(
                agent,
                """
                pid, terminal = container.ExecuteInTerminal(['sh', '-c', 'trap "exit 4" INT; echo rea""dy; cat; sleep 100'], {})
                terminal = terminal.take()
                read_until(terminal, b'ready')
                os.write(terminal, bytes([3]))
                print(wait(pid))
                pid, terminal = container.ExecuteInTerminal(['sh', '-c', 'echo rea""dy; sleep 100'], {})
                terminal = terminal.take()
                read_until(terminal, b'ready')
                os.close(terminal)
                print(wait(pid))
                """);

        assertThat(printed.lines()).containsExactly("('exited', 4)", "('killed', 1)");
    }

    @Test
    void keepsNoFileOfACaller(LiveAgent agent) {
        long before = openFiles(agent);

        String printed = run(
                agent,
                """
                for i in range(50):
                    r, w = os.pipe()
                    container.Execute(['true'], {'StandardOutput': dbus.types.UnixFd(w)})
                    try:
                        container.Execute([], {'StandardOutput': dbus.types.UnixFd(w)})
                    except dbus.DBusException as e:
                        name = e.get_dbus_name()
                    os.close(w)
                    read(r)
                    os.close(r)
                agent.ListCapabilities()
                print(name)
                """);

        assertThat(printed).isEqualTo(NewerClient.ERROR + "InvalidArgument");
        Deadlines.await(() -> openFiles(agent) <= before + 5);
    }

    private static long openFiles(LiveAgent agent) {
        String[] files = Path.of("/proc/" + agent.pid() + "/fd").toFile().list();
        return files == null ? Long.MAX_VALUE : files.length;
    }

    private static String run(LiveAgent agent, String script) {
        return Programs.run(
                        Map.of("DBUS_SYSTEM_BUS_ADDRESS", agent.bus().address()),
                        "/usr/bin/python3",
                        "-c",
                        CLIENT + script + "container.Destroy()\n")
                .trim();
    }
}
