package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.bus.Signal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** How programs ended, as the agent tells. Thread-safe. */
final class ProgramEnds {

    private final Map<Long, CompletableFuture<Integer>> ends = new ConcurrentHashMap<>();
    private final CompletableFuture<Integer> agentGone = new CompletableFuture<>();

    /** Takes in a signal of the agent or the bus; others are ignored. */
    void hear(Signal signal) {
        if (signal.member().equals("ProcessExited")) {
            of((Long) signal.arguments().get(0)).complete(status(signal));
        } else if (signal.member().equals("NameOwnerChanged")) {
            agentGone("the agent has ended");
        }
    }

    void agentGone(String reason) {
        agentGone.completeExceptionally(
                new ToolFailure(ExitStatus.UNREACHABLE, reason + "; how the program goes on is not known"));
    }

    /** Waits for the end: the exit status of the program, or {@link ExitStatus#KILLED} and a signal. */
    int await(long pid) {
        try {
            return (Integer) CompletableFuture.anyOf(of(pid), agentGone).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ToolFailure failure ? failure : e;
        }
    }

    private CompletableFuture<Integer> of(long pid) {
        return ends.computeIfAbsent(pid, key -> new CompletableFuture<>());
    }

    private static int status(Signal signal) {
        int code = Math.toIntExact((Long) signal.arguments().get(2));
        return signal.arguments().get(1).equals("exited") ? code : ExitStatus.KILLED + code;
    }
}
