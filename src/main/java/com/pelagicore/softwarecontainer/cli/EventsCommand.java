package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Signal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "events",
        description = {
            "Shows what happens in containers, a line each, until it is interrupted.",
            "With --json each line is an object with time, container, event and what belongs to it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  softwarecontainer events",
            "  softwarecontainer events --json 0 | jq 'select(.event == \"exited\") | .status'"
        })
final class EventsCommand implements Callable<Integer> {

    private static final int SIGPIPE = 13;

    private final Tool tool;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final Events events = new Events();
    private final List<Signal> early = new ArrayList<>();
    private boolean hasBegun;

    @Parameters(
            arity = "0..1",
            paramLabel = "CONTAINER",
            converter = ContainerNumber.class,
            description = "only of this one; default: all")
    private Optional<Integer> container = Optional.empty();

    EventsCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (AgentConnection agent = tool.connect(this::hear)) {
            agent.onLoss(this::lost);
            agent.follow("path_namespace='" + AgentMethod.PATH + "'");
            begin(agent.containers());
            return end.join();
        }
    }

    private synchronized void begin(List<ContainerInfo> containers) {
        containers.forEach(events::begin);
        early.forEach(this::show);
        early.clear();
        hasBegun = true;
    }

    /** Runs on the thread that reads from the bus, so it does not wait until it is known what there is. */
    private synchronized void hear(Signal signal) {
        if (hasBegun) {
            show(signal);
        } else {
            early.add(signal);
        }
    }

    private void show(Signal signal) {
        if (signal.member().equals("NameOwnerChanged")) {
            lost("the agent has ended");
            return;
        }
        String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        events.of(signal).forEach(event -> {
            if (container.isEmpty() || container.get() == event.container()) {
                tool.print(tool.isJson() ? event.toJson(time) + "\n" : event.toLine(time) + "\n");
            }
        });
        if (tool.host().output().checkError()) {
            end.complete(ExitStatus.KILLED + SIGPIPE);
        }
    }

    private void lost(String reason) {
        tool.complain(reason);
        end.complete(ExitStatus.UNREACHABLE);
    }
}
