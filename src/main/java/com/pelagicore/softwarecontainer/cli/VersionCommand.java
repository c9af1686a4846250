package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Variant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "version",
        description = "Shows the versions of this tool, of the agent, and of what the agent runs on.",
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer version")
final class VersionCommand implements Callable<Integer> {

    private final Tool tool;

    VersionCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        if (!tool.isJson()) {
            // also if the agent cannot be reached
            tool.print("tool          " + tool.host().version() + "\n");
        }
        try (AgentConnection agent = tool.connect()) {
            Map<String, Variant> properties = agent.call(AgentMethod.PATH, AgentMethod.GET_ALL, AgentMethod.AGENT)
                    .variants(0);
            String version = String.valueOf(required(properties, "Version"));
            Map<String, String> host = new TreeMap<>();
            ((Map<?, ?>) required(properties, "Host"))
                    .forEach((name, value) -> host.put(((String) name).toLowerCase(Locale.ROOT), (String) value));
            if (tool.isJson()) {
                ObjectNode json = JsonNodeFactory.instance
                        .objectNode()
                        .put("tool", tool.host().version())
                        .put("agent", version);
                ObjectNode facts = json.putObject("host");
                host.forEach(facts::put);
                tool.print(json);
            } else {
                tool.print("agent         " + version + "\n");
                host.forEach((name, value) -> tool.print(String.format("%-13s %s%n", name, value)));
            }
            return ExitStatus.DONE;
        }
    }

    private static Object required(Map<String, Variant> properties, String name) {
        return Optional.ofNullable(properties.get(name))
                .map(Variant::value)
                .orElseThrow(() -> new ToolFailure(
                        ExitStatus.REFUSED, "the agent is of another version: it tells no property " + name));
    }
}
