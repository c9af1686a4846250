package com.pelagicore.softwarecontainer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "check",
        description = {
            "Shows what the agent's host lacks for containers, and what that costs.",
            "Exit status 0: nothing is missing; 1: something is. The agent makes do without what is only lacking."
        },
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer check || echo 'not all is there'")
final class CheckCommand implements Callable<Integer> {

    /** What was tried. */
    private record Finding(String name, String verdict, String text) {

        static Finding of(List<?> wire) {
            return new Finding((String) wire.get(0), (String) wire.get(1), (String) wire.get(2));
        }

        boolean isMissing() {
            return verdict.equals("missing");
        }
    }

    private final Tool tool;

    CheckCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect()) {
            List<Finding> findings = agent.call(AgentMethod.PATH, AgentMethod.CHECK).list(0).stream()
                    .map(finding -> Finding.of((List<?>) finding))
                    .toList();
            if (tool.isJson()) {
                printJson(findings);
            } else {
                printTable(findings);
            }
            return findings.stream().anyMatch(Finding::isMissing) ? ExitStatus.REFUSED : ExitStatus.DONE;
        }
    }

    private void printTable(List<Finding> findings) {
        Table table = new Table("WHAT", "VERDICT", "FOUND");
        findings.forEach(finding -> table.row(finding.name(), finding.verdict(), finding.text()));
        tool.print(table.toString());
    }

    private void printJson(List<Finding> findings) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        findings.forEach(finding -> array.addObject()
                .put("name", finding.name())
                .put("verdict", finding.verdict())
                .put("text", finding.text()));
        tool.print(array);
    }
}
