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
            "Exit status 0: nothing is missing; 1: something is."
        },
        footerHeading = "%nExamples:%n",
        footer = "  softwarecontainer check || echo 'not all is there'")
final class CheckCommand implements Callable<Integer> {

    /** What was tried. */
    private record Finding(String name, boolean present, String found, String cost) {

        static Finding of(List<?> wire) {
            return new Finding((String) wire.get(0), (Boolean) wire.get(1), (String) wire.get(2), (String) wire.get(3));
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
            return findings.stream().allMatch(Finding::present) ? ExitStatus.DONE : ExitStatus.REFUSED;
        }
    }

    private void printTable(List<Finding> findings) {
        Table table = new Table("WHAT", "THERE", "FOUND");
        findings.forEach(finding -> table.row(
                finding.name(),
                finding.present() ? "yes" : "no",
                finding.present() ? finding.found() : finding.cost()));
        tool.print(table.toString());
    }

    private void printJson(List<Finding> findings) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        findings.forEach(finding -> array.addObject()
                .put("name", finding.name())
                .put("present", finding.present())
                .put("found", finding.found())
                .put("cost", finding.cost()));
        tool.print(array);
    }
}
