package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.CommandTool.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs run by the command line: streams, terminal, signals, exit status, and that no container is left. */
@SystemTest
final class CommandRunIT {

    /** A process on a terminal; what it shows, and how it ended. */
    private static final String TERMINAL =
            """
            import fcntl, pty, select, signal, struct, sys, termios, time

            def spawn(*arguments):
                pid, terminal = pty.fork()
                if pid == 0:
                    termios.tcsetwinsize(0, (30, 100))
                    os.execvp(arguments[0], arguments)
                return pid, terminal

            def read(terminal, text=None):
                shown = b''
                while text is None or text not in shown:
                    if not select.select([terminal], [], [], 20)[0]:
                        sys.exit('only %r instead of %r' % (shown, text))
                    try:
                        some = os.read(terminal, 4096)
                    except OSError: # EIO: nobody is on it any more
                        return shown
                    shown += some
                return shown

            def end(pid):
                return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

            """;

    @TempDir
    private Path directory;

    private CommandTool tool;

    @BeforeEach
    void makeTool(LiveAgent agent) {
        tool = new CommandTool(agent, directory);
    }

    @AfterEach
    void leavesNoContainer(AgentClient client) {
        assertThat(client.list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 3, 3", "kill -TERM $$, 143", "kill -KILL $$, 137"})
    void exitsAsTheProgram(String script, int status) {
        assertThat(tool.run("run", "sh", "-c", script).status()).isEqualTo(status);
    }

    @Test
    void takesTwoDashesBeforeTheProgram(AgentClient client) {
        String id = Integer.toString(client.create());

        assertThat(tool.output("exec", id, "--", "echo", "--", "-x")).isEqualTo("-- -x");
        assertThat(tool.run("exec", id, "--").status()).isEqualTo(125);
        tool.output("destroy", id);
    }

    @Test
    void runsAnApplicationWithMountsCapabilitiesAndVariables() throws IOException {
        Path program = Files.createDirectory(directory.resolve("app")).resolve("hello");
        Files.writeString(program, "#!/bin/sh\necho \"$GREETING $NAME from $(pwd), $*\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        String printed = tool.output(
                "run",
                "-m",
                "./app:/app",
                "-w",
                "/app",
                "-g",
                TestManifests.GREETING,
                "-e",
                "NAME=tool",
                "--",
                "./hello",
                "-x",
                "a  b");

        assertThat(printed).isEqualTo("hello tool from /app, -x a  b");
    }

    @Test
    void isAFilterAmongOthers() {
        Ended ended = tool.bash(
                "seq 100000 | softwarecontainer run -- sh -c 'tac; echo wrong >&2' 2>errors | head -1; echo ${PIPESTATUS[@]}; cat errors");

        assertThat(ended.output()).isEqualTo("100000\n0 0 0\nwrong\n");
    }

    @Test
    void endsWhenNobodyReadsAnyMore() {
        Ended ended = tool.bash("softwarecontainer run -- yes | head -1; echo ${PIPESTATUS[@]}");

        assertThat(ended.output()).isEqualTo("y\n141 0\n");
    }

    @Test
    void givesAProgramATerminalOfItsOwnWithSizeAndKeys() {
        Ended ended = tool.python(TERMINAL
                + """
                        pid, terminal = spawn('softwarecontainer', 'run', '--', 'sh', '-c', 'stty size; tty; echo $TERM; cat; exit 5')
                        shown = read(terminal, b'dumb')
                        os.write(terminal, b'typed\\n\\x04')
                        shown += read(terminal)
                        print(shown.decode().split(), end(pid))
                        """
                        .replace("'softwarecontainer', 'run'", "'env', 'TERM=dumb', 'softwarecontainer', 'run'"));

        assertThat(ended.output())
                .as(ended.error())
                .contains("'30', '100', '/dev/pts/0', 'dumb'")
                .contains("'typed'")
                .endsWith("] 5\n");
    }

    @Test
    void resizesTheTerminalOfTheProgram() {
        Ended ended = tool.python(
                TERMINAL
                        + """
                        pid, terminal = spawn('softwarecontainer', 'run', '--', 'sh', '-c',
                            'trap "stty size; exit 6" WINCH; echo rea""dy; while :; do sleep 0.05; done')
                        read(terminal, b'ready')
                        termios.tcsetwinsize(terminal, (40, 120))
                        print(read(terminal).decode().strip(), end(pid))
                        """);

        assertThat(ended.output()).as(ended.error()).isEqualTo("40 120 6\n");
    }

    @Test
    void letsControlCInterruptTheProgramOnlyAndPutsTheTerminalBack() {
        Ended ended = tool.python(
                TERMINAL
                        + """
                        pid, terminal = spawn('sh', '-c', 'softwarecontainer run -- sh -c "trap \\'exit 4\\' INT; echo rea\\'\\'dy; cat; sleep 100"; echo status $?; stty -a; echo en""d')
                        read(terminal, b'ready')
                        os.write(terminal, b'\\x03')
                        print(read(terminal, b'end').decode())
                        """);

        assertThat(ended.output())
                .as(ended.error())
                .contains("status 4", "isig icanon iexten echo ")
                .doesNotContain("-isig");
    }

    @ParameterizedTest
    @CsvSource({"INT, 4", "TERM, 5", "HUP, 5"})
    void passesSignalsOn(String signal, int status) {
        Ended ended = tool.bash(
                """
                set -m # else bash starts what is in the background deaf for SIGINT
                mkfifo ready
                softwarecontainer run --grace 20s -- sh -c 'trap "exit 4" INT; trap "exit 5" TERM; echo; while :; do sleep 0.05; done' >ready &
                read line <ready
                kill -%s $!
                wait $!
                echo $?
                """
                        .formatted(signal));

        assertThat(ended.output()).as(ended.error()).isEqualTo(status + "\n");
    }

    @Test
    void killsAProgramThatDoesNotEndInTime() {
        Ended ended = tool.bash(
                """
                mkfifo ready
                softwarecontainer run --grace 100ms -- sh -c 'trap "" TERM; echo; while :; do sleep 0.05; done' >ready &
                read line <ready
                kill $!
                wait $!
                echo $?
                """);

        assertThat(ended.output()).isEqualTo("137\n");
    }

    @Test
    void leavesNoContainerWhenItIsKilled(AgentClient client) {
        Process run = tool.start("run", "sleep", "1000");
        Deadlines.await(() -> !client.list().isEmpty());

        run.destroyForcibly();

        Deadlines.await(() -> client.list().isEmpty());
    }

    @Test
    void doesNotPassATerminalOn() {
        Ended ended = tool.python(
                TERMINAL
                        + """
                        pid, terminal = spawn('softwarecontainer', 'run', '-T', '--', 'sh', '-c', 'for i in 0 1 2; do test -t $i && echo terminal; done; cat')
                        os.write(terminal, b'typed\\n\\x04')
                        print(read(terminal).decode().split(), end(pid))
                        """);

        assertThat(ended.output()).as(ended.error()).isEqualTo("['typed', 'typed'] 0\n");
    }

    @Test
    void readsTheTerminalInTheForegroundOnly() {
        Ended ended = tool.python(
                TERMINAL
                        + """
                        pid, terminal = spawn('bash', '-c', 'set -m; softwarecontainer run -T -- sh -c "echo rea\\'\\'dy; read line; echo got \\\\$line; exit 5" & read word; echo shell $word; fg; echo status $?')
                        read(terminal, b'ready')
                        os.write(terminal, b'one\\n')
                        read(terminal, b'shell one')
                        os.write(terminal, b'two\\n')
                        print(read(terminal).decode().split()[-4:], end(pid))
                        """);

        assertThat(ended.output()).as(ended.error()).isEqualTo("['got', 'two', 'status', '5'] 0\n");
    }

    @Test
    void writesItsThreadsToTheStandardErrorForSigquit() {
        Ended ended = tool.bash(
                """
                set -m # else bash starts what is in the background deaf for SIGQUIT
                mkfifo input output
                softwarecontainer run -- sh -c 'echo ready; cat' <input >output 2>errors &
                exec 3>input 4<output
                read line <&4
                kill -QUIT $!
                timeout 20 sh -c "until grep -q 'Full thread dump' errors; do :; done" || echo none
                exec 3>&-
                wait $!
                cat <&4
                """);

        assertThat(ended.output()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"export LC_ALL=C, C", "unset LC_ALL, none", "export LC_ALL=, ''"})
    void passesTheCallersLocaleOnIfAsked(String setting, String seen) {
        Ended ended = tool.bash(setting + "; softwarecontainer run -e LC_ALL -- sh -c 'echo \"${LC_ALL-none}\"'");

        assertThat(ended.output()).as(ended.error()).isEqualTo(seen + "\n");
    }
}
