package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.BusAddress;
import com.pelagicore.softwarecontainer.bus.Signal;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.JsonNode;

/** The command {@code softwarecontainer} with what all its subcommands share. */
@Command(
        name = Tool.NAME,
        description = "Creates containers and runs applications in them, by the SoftwareContainer agent.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "One application, in a container that is gone when it ends:",
            "  softwarecontainer run -m ./app:/app -- /app/bin/hello",
            "A container to stay, a shell in it, and its end:",
            "  softwarecontainer create",
            "  softwarecontainer exec 0 sh",
            "  softwarecontainer destroy 0",
            "",
            "More with 'softwarecontainer COMMAND --help'; see also softwarecontainer(1)."
        })
public final class Tool implements Callable<Integer> {

    static final String NAME = "softwarecontainer";

    /** Their exit status is that of the program that they run. */
    private static final Set<String> PROGRAM_RUNNERS = Set.of(RunCommand.NAME, ExecCommand.NAME);

    private final ToolHost host;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            description =
                    "D-Bus address of the bus that the agent is on, as in unix:path=/a/socket; default: the system bus")
    private String address = "";

    @Option(names = "--session", scope = ScopeType.INHERIT, description = "the agent is on the session bus")
    private boolean session;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "answer in JSON, for programs")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version of this tool")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean versionOnly;

    private Tool(ToolHost host) {
        this.host = host;
    }

    /** Runs the command; one of {@link ExitStatus}, or what a program in a container said. */
    public static int run(ToolHost host, String... arguments) {
        CommandLine line = commandLine(host);
        int status = line.execute(arguments);
        // flushes
        if (host.output().checkError() && status == ExitStatus.DONE) {
            host.error().println(NAME + ": the output cannot be written");
            status = statusOf(lastOf(line.getParseResult().asCommandLineList()), ExitStatus.REFUSED);
        }
        host.error().flush();
        return status;
    }

    private static CommandLine lastOf(List<CommandLine> parsed) {
        return parsed.get(parsed.size() - 1);
    }

    /** Without a command. */
    @Override
    public Integer call() {
        complain("which command?");
        commandLine(host).usage(host.error(), Ansi.AUTO);
        return ExitStatus.USAGE;
    }

    static CommandLine commandLine(ToolHost host) {
        Tool tool = new Tool(host);
        CommandLine line = new CommandLine(tool)
                .addSubcommand(new RunCommand(tool))
                .addSubcommand(new CreateCommand(tool))
                .addSubcommand(new ExecCommand(tool))
                .addSubcommand(new ListCommand(tool))
                .addSubcommand(new InspectCommand(tool))
                .addSubcommand(new MountCommand(tool))
                .addSubcommand(new GrantCommand(tool))
                .addSubcommand(new SuspendCommand(tool))
                .addSubcommand(new ResumeCommand(tool))
                .addSubcommand(new DestroyCommand(tool))
                .addSubcommand(new CapabilitiesCommand(tool))
                .addSubcommand(new EventsCommand(tool))
                .addSubcommand(new CheckCommand(tool))
                .addSubcommand(new VersionCommand(tool))
                .addSubcommand(new HelpCommand(tool))
                .addSubcommand(new CompletionCommand(tool));
        PROGRAM_RUNNERS.forEach(name -> subcommand(line, name).setStopAtPositional(true));
        line.getCommandSpec().version(NAME + " " + host.version());
        return line.setExpandAtFiles(false)
                .setUsageHelpLongOptionsMaxWidth(32)
                .setExecutionStrategy(new CommandLine.RunLast())
                .setParameterExceptionHandler((refusal, given) -> tool.usageError(refusal))
                .setExecutionExceptionHandler((failure, failed, parsed) -> tool.failed(failure, failed))
                .setOut(new PrintWriter(host.output(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(host.error(), true, StandardCharsets.UTF_8));
    }

    private static CommandLine subcommand(CommandLine line, String name) {
        return Objects.requireNonNull(line.getSubcommands().get(name));
    }

    ToolHost host() {
        return host;
    }

    boolean isJson() {
        return json;
    }

    /** Connects to the agent. */
    AgentConnection connect() {
        return connect(signal -> {});
    }

    AgentConnection connect(Consumer<Signal> signals) {
        return AgentConnection.open(host, addresses(), signals);
    }

    private List<BusAddress> addresses() {
        try {
            if (!address.isEmpty()) {
                return BusAddress.parse(address);
            }
            return session ? BusAddress.ofSessionBus(host.environment()) : BusAddress.ofSystemBus(host.environment());
        } catch (SoftwareContainerException e) {
            throw new ToolFailure(ExitStatus.USAGE, String.valueOf(e.getMessage()));
        }
    }

    void print(JsonNode value) {
        host.output().println(value);
    }

    void print(String text) {
        host.output().print(text);
    }

    /** One line about something that went wrong. */
    void complain(String message) {
        host.error().println(NAME + ": " + message);
    }

    /** What went wrong besides. */
    void complainOfSuppressed(Exception failure) {
        for (Throwable more : failure.getSuppressed()) {
            complain(more instanceof ToolFailure expected ? expected.text() : "this is a bug: " + more);
        }
    }

    private int usageError(ParameterException refusal) {
        CommandLine command = refusal.getCommandLine();
        complain(reason(refusal));
        UnmatchedArgumentException.printSuggestions(refusal, command.getErr());
        complain("see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return statusOf(command, ExitStatus.USAGE);
    }

    private static String reason(ParameterException refusal) {
        CommandLine command = refusal.getCommandLine();
        boolean isRoot = command.getParent() == null;
        if (refusal instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String first = Quoted.text(unmatched.getUnmatched().get(0));
            return isRoot ? "there is no command " + first : command.getCommandName() + " takes no argument " + first;
        }
        return String.valueOf(refusal.getMessage());
    }

    private int failed(Exception failure, CommandLine command) {
        if (failure instanceof ToolFailure expected) {
            complain(expected.text());
            complainOfSuppressed(expected);
            return statusOf(command, expected.status());
        }
        complain("this is a bug: " + failure);
        failure.printStackTrace(host.error());
        return statusOf(command, ExitStatus.REFUSED);
    }

    private static int statusOf(CommandLine command, int status) {
        return PROGRAM_RUNNERS.contains(command.getCommandName()) ? ExitStatus.TOOL_FAILED : status;
    }
}
