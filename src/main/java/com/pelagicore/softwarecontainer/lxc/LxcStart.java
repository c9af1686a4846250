package com.pelagicore.softwarecontainer.lxc;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The program lxc-start for one container. It goes on when the agent that runs it is killed. */
final class LxcStart {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String PROGRAM = "lxc-start";

    private final String name;
    private final List<String> place;
    private final LxcDefinition definition;

    LxcStart(Path lxcPath, String name, LxcDefinition definition) {
        this.name = name;
        this.place = List.of("-P", lxcPath.toString(), "-n", name);
        this.definition = definition;
    }

    /**
     * Returns when the container runs.
     *
     * @param obstacle asked if LXC refuses: what is known to be in the way; more helpful than LXC's own words
     */
    void run(Supplier<Optional<String>> obstacle) {
        ProcessBuilder command = new ProcessBuilder(PROGRAM);
        command.command().addAll(place);
        command.command()
                .addAll(List.of("-d", "-l", "ERROR", "-o", definition.log().toString()));
        // without a PATH it does not find newuidmap(1), which would refuse ids that /etc/subuid does not give to root
        command.environment().clear();
        command.directory(Path.of("/").toFile());
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = command.start();
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new SoftwareContainerException(
                        ErrorKind.TIMED_OUT, "lxc-start of " + name + " did not end within " + TIMEOUT);
            }
            if (process.exitValue() != 0) {
                String reason = obstacle.get().or(definition::firstError).orElse("exit status " + process.exitValue());
                throw new SoftwareContainerException(
                        ErrorKind.HOST_REFUSED, "lxc-start of " + name + " was refused: " + reason);
            }
        } catch (IOException e) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "lxc-start cannot be run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits for one that an earlier agent ran; it is killed if it takes too long. */
    void awaitEarlier() {
        ProcessHandle.allProcesses().filter(this::isThis).forEach(process -> CompletableFuture.anyOf(
                        process.onExit(), new CompletableFuture<>().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .exceptionally(late -> process.destroyForcibly())
                .join());
    }

    private boolean isThis(ProcessHandle process) {
        List<String> arguments = process.info().arguments().map(List::of).orElse(List.of());
        boolean program = process.info().command().orElse("").endsWith(PROGRAM)
                || arguments.stream().anyMatch(each -> each.endsWith(PROGRAM));
        return program && Collections.indexOfSubList(arguments, place) >= 0;
    }
}
