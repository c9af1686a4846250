package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.cli.ContainerInfo.ProcessInfo;
import com.pelagicore.softwarecontainer.error.Quoted;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Shows all that can be known of a container.",
        footerHeading = "%nExamples:%n",
        footer = {"  softwarecontainer inspect 0", "  softwarecontainer inspect 0 --json | jq .usage.memoryBytes"})
final class InspectCommand implements Callable<Integer> {

    private static final double NANOS = 1e9;
    private static final int LONGEST_COMMAND = 300;

    private final Tool tool;

    @Parameters(paramLabel = "CONTAINER", converter = ContainerNumber.class, description = "its number")
    private int container;

    InspectCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            ContainerInfo info = agent.container(container);
            if (tool.isJson()) {
                tool.print(ContainerJson.of(info));
            } else {
                tool.print(describe(info, Users.load(Path.of("/etc/passwd")), Instant.now()));
            }
            return ExitStatus.DONE;
        }
    }

    static String describe(ContainerInfo info, Users users, Instant now) {
        StringBuilder text = new StringBuilder("Container " + info.id() + " (" + info.name() + ")\n");
        line(text, "State", List.of(info.state()));
        line(text, "Owner", List.of(users.name(info.owner()) + " (" + info.owner() + ")"));
        String age = TimeSpan.format(Duration.between(info.created(), now));
        line(text, "Created", List.of(info.created() + " (" + age + " ago)"));
        line(text, "Init", List.of("pid " + info.initPid()));
        line(text, "Capabilities", info.capabilities());
        line(
                text,
                "Limits",
                info.limits().entrySet().stream()
                        .map(limit -> limit.getKey() + " = " + limit.getValue())
                        .toList());
        line(text, "Usage", usage(info.usage()));
        line(
                text,
                "Processes",
                info.processes().stream().map(InspectCommand::describe).toList());
        return text.toString();
    }

    private static void line(StringBuilder text, String heading, List<String> values) {
        String first = values.isEmpty() ? "none" : values.get(0);
        text.append(String.format(Locale.ROOT, "  %-13s %s%n", heading, first));
        values.stream().skip(1).forEach(value -> text.append(String.format(Locale.ROOT, "  %-13s %s%n", "", value)));
    }

    private static List<String> usage(Map<String, Long> usage) {
        List<String> parts = new ArrayList<>();
        Optional.ofNullable(usage.get("Memory")).ifPresent(bytes -> parts.add(ByteSize.format(bytes) + " of memory"));
        Optional.ofNullable(usage.get("Cpu"))
                .ifPresent(nanos -> parts.add(String.format(Locale.ROOT, "%.2f s of processor time", nanos / NANOS)));
        Optional.ofNullable(usage.get("Tasks")).ifPresent(tasks -> parts.add(tasks + " tasks"));
        Optional.ofNullable(usage.get("MemoryKills"))
                .filter(kills -> kills > 0)
                .ifPresent(kills -> parts.add("limit of memory reached, processes killed: " + kills));
        Optional.ofNullable(usage.get("RefusedTasks"))
                .filter(refused -> refused > 0)
                .ifPresent(refused -> parts.add("limit of tasks reached, not started: " + refused));
        return parts;
    }

    private static String describe(ProcessInfo process) {
        return String.format(
                Locale.ROOT,
                "%-7d %s",
                process.pid(),
                Quoted.line(String.join(" ", process.arguments()), LONGEST_COMMAND));
    }
}
