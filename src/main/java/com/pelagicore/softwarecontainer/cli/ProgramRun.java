package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Arguments;
import com.pelagicore.softwarecontainer.bus.Variant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToIntBiFunction;

/**
 * One program in a container, from its start to its end. Signals to this tool go on to it: the first SIGINT as it
 * is; SIGTERM and SIGHUP as a request to end, with time to do so; the next one of any kills it.
 */
final class ProgramRun {

    private static final int NONE = 0;

    private final ToolHost host;
    private final AgentConnection agent;
    private final ProgramEnds ends;
    private final ProgramOptions options;
    private int container;
    private OptionalLong pid = OptionalLong.empty();
    private int interruption = NONE;

    /**
     * Connects, and does what leads to a program's end.
     *
     * @param use gives the exit status of the program
     */
    static int with(Tool tool, ProgramOptions options, ToIntBiFunction<AgentConnection, ProgramRun> use) {
        ProgramEnds ends = new ProgramEnds();
        try (AgentConnection agent = tool.connect(ends::hear)) {
            return use.applyAsInt(agent, new ProgramRun(tool.host(), agent, ends, options));
        } catch (Interrupted e) {
            tool.complainOfSuppressed(e);
            return e.exitStatus();
        }
    }

    /** @param ends hears the signals of {@code agent} */
    private ProgramRun(ToolHost host, AgentConnection agent, ProgramEnds ends, ProgramOptions options) {
        this.host = host;
        this.agent = agent;
        this.ends = ends;
        this.options = options;
        agent.onLoss(ends::agentGone);
        Interruptions.onEnd(this::interrupted);
    }

    /** Runs the program to its end; its exit status. */
    int run(int id, List<String> arguments) {
        container = id;
        agent.follow("path='" + AgentMethod.CONTAINER_PATH + id + "',interface='" + AgentMethod.CONTAINER
                + "',member='ProcessExited'");
        Console console = host.console();
        boolean onTerminal = options.wantsTerminal(console);
        Map<String, Variant> wire = options.toWire(host.environment(), onTerminal);
        return onTerminal ? runOnTerminal(arguments, wire, console) : runPlain(arguments, wire, console);
    }

    private int runPlain(List<String> arguments, Map<String, Variant> wire, Console console) {
        long started;
        ProgramStreams streams = new ProgramStreams(console);
        try {
            wire.putAll(streams.options());
            started = execute(AgentMethod.EXECUTE, arguments, wire).unsigned(0);
        } finally {
            streams.passed();
        }
        int status = await(started);
        streams.drain();
        return status;
    }

    private int runOnTerminal(List<String> arguments, Map<String, Variant> wire, Console console) {
        if (console.isTerminal(Console.Stream.INPUT)) {
            Console.Size size = console.size(Console.Stream.INPUT);
            wire.put("Rows", new Variant("q", size.rows()));
            wire.put("Columns", new Variant("q", size.columns()));
        }
        Arguments answer = execute(AgentMethod.EXECUTE_IN_TERMINAL, arguments, wire);
        TerminalSession session = TerminalSession.begin(console, answer.file(1));
        try {
            return await(answer.unsigned(0));
        } finally {
            session.end();
        }
    }

    private Arguments execute(AgentMethod method, List<String> arguments, Map<String, Variant> wire) {
        requireNoInterruption();
        return agent.call(container, method, arguments, wire);
    }

    private int await(long started) {
        int early;
        synchronized (this) {
            pid = OptionalLong.of(started);
            early = interruption;
        }
        if (early != NONE) {
            passOn(started, early);
        }
        return ends.await(started);
    }

    /** Ends the command if a signal came before there was a program to pass it on to. */
    void requireNoInterruption() {
        int signal;
        synchronized (this) {
            signal = interruption;
        }
        if (signal != NONE) {
            throw new Interrupted(signal);
        }
    }

    private void interrupted(int signal) {
        boolean isFirst;
        OptionalLong target;
        synchronized (this) {
            isFirst = interruption == NONE;
            interruption = signal;
            target = pid;
        }
        if (target.isPresent()) {
            if (isFirst) {
                passOn(target.getAsLong(), signal);
            } else {
                attempt(AgentMethod.STOP, target.getAsLong(), 0L);
            }
        }
    }

    private void passOn(long process, int signal) {
        if (signal == Interruptions.SIGINT) {
            attempt(AgentMethod.SIGNAL, process, "group", signal);
        } else {
            attempt(AgentMethod.STOP, process, options.grace().toMillis() * 1000);
        }
    }

    /** The program may just have ended. */
    private void attempt(AgentMethod method, Object... arguments) {
        try {
            agent.call(container, method, arguments);
        } catch (ToolFailure e) {
            if (e.status() != ExitStatus.REFUSED) {
                ends.agentGone(e.text());
            }
        }
    }

    /** A signal came before the program was started. */
    static final class Interrupted extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final int signal;

        private Interrupted(int signal) {
            super("signal " + signal, null, true, false);
            this.signal = signal;
        }

        int exitStatus() {
            return ExitStatus.KILLED + signal;
        }
    }
}
