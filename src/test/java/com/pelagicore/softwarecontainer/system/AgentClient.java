package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.system.BusMessage.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A launcher, as the agent sees it: one bus connection, the legacy interface, the signals so far. */
final class AgentClient implements AutoCloseable {

    static final String NAME = "com.pelagicore.SoftwareContainerAgent";
    static final String PATH = "/com/pelagicore/SoftwareContainerAgent";
    static final String NO_BUFFER = "[{\"writeBufferEnabled\": false}]";
    static final String LEGACY = "[{\"writeBufferEnabled\": false, \"confinement\": \"legacy\"}]";
    static final String BUFFER = "[{\"writeBufferEnabled\": true}]";

    /** A ProcessStateChanged. */
    record ProcessEnd(int container, long pid, boolean isRunning, long status) {}

    /** A process that was started. */
    record Execution(AgentClient client, int container, int pid, Path outputFile) {

        /** Waits for the end of the process. */
        int status() {
            return client.awaitEnd(container, pid);
        }

        /** What it has written so far. */
        String output() {
            try {
                return Files.readString(outputFile);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final BusClient bus;
    private final Path outputs;
    private final AtomicInteger nextOutput = new AtomicInteger();
    private final List<ProcessEnd> ends = new ArrayList<>();

    /**
     * @param outputs existing directory for what executed programs write
     */
    AgentClient(Path busSocket, Path outputs) {
        this.outputs = outputs;
        bus = new BusClient(busSocket, this::accept);
        bus.match("type='signal',interface='" + NAME + "',member='ProcessStateChanged'");
    }

    BusClient bus() {
        return bus;
    }

    @SuppressWarnings("unchecked")
    List<Integer> list() {
        return (List<Integer>) call("List", "").get(0);
    }

    @SuppressWarnings("unchecked")
    List<String> capabilities() {
        return (List<String>) call("ListCapabilities", "").get(0);
    }

    int create() {
        return create(NO_BUFFER);
    }

    int create(String config) {
        return (Integer) call("Create", "s", config).get(0);
    }

    /** Output goes to a file of its own. */
    Execution execute(int container, String commandLine) {
        return execute(container, commandLine, "/", Map.of());
    }

    Execution execute(int container, String commandLine, String workingDirectory, Map<String, String> environment) {
        return execute(container, commandLine, workingDirectory, newOutputFile(), environment);
    }

    Execution execute(
            int container,
            String commandLine,
            String workingDirectory,
            Path outputFile,
            Map<String, String> environment) {
        int pid = (Integer) call(
                        "Execute",
                        "isssa{ss}",
                        container,
                        commandLine,
                        workingDirectory,
                        outputFile.toString(),
                        environment)
                .get(0);
        return new Execution(this, container, pid, outputFile);
    }

    /** What a shell script writes; it has to end with 0. */
    String shell(int container, String script) {
        return shell(container, script, Map.of());
    }

    String shell(int container, String script, Map<String, String> environment) {
        Execution run = execute(container, "/bin/sh -c " + quote(script), "/", environment);
        if (run.status() != 0) {
            throw new AssertionError("'" + script + "' ended with status " + run.status() + ": " + run.output());
        }
        return run.output().trim();
    }

    void suspend(int container) {
        call("Suspend", "i", container);
    }

    void resume(int container) {
        call("Resume", "i", container);
    }

    void destroy(int container) {
        call("Destroy", "i", container);
    }

    void bindMount(int container, Path pathInHost, String pathInContainer, boolean readOnly) {
        call("BindMount", "issb", container, pathInHost.toString(), pathInContainer, readOnly);
    }

    void setCapabilities(int container, String... names) {
        call("SetCapabilities", "ias", container, List.of(names));
    }

    List<Object> call(String member, String signature, Object... arguments) {
        return Deadlines.get(send(member, signature, arguments));
    }

    /** Does not wait for the answer. */
    CompletableFuture<List<Object>> send(String member, String signature, Object... arguments) {
        return bus.send(NAME, target(member), signature, WireWriter.body(signature, arguments));
    }

    static Target target(String member) {
        return new Target(PATH, NAME, member);
    }

    /** To be called between thousands of processes: both container ids and pids come again. */
    void forgetEnds() {
        synchronized (ends) {
            ends.clear();
        }
    }

    /** The ends of a process that were reported so far; what was sent before a reply has arrived with the reply. */
    List<ProcessEnd> ends(int container, int pid) {
        synchronized (ends) {
            return ends.stream()
                    .filter(end -> end.container() == container && end.pid() == pid)
                    .toList();
        }
    }

    Path newOutputFile() {
        return outputs.resolve("output-" + nextOutput.incrementAndGet());
    }

    /** For a POSIX shell, and so for a command line. */
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    @Override
    public void close() {
        bus.close();
    }

    /** Waits until the end of a process is reported; its wait status. */
    int awaitEnd(int container, int pid) {
        long deadline = System.nanoTime() + Deadlines.PATIENCE.toNanos();
        synchronized (ends) {
            while (ends(container, pid).isEmpty()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new AssertionError(
                            "no ProcessStateChanged for process " + pid + " of container " + container);
                }
                awaitSignal(millis);
            }
        }
        return (int) ends(container, pid).get(0).status();
    }

    private void awaitSignal(long millis) {
        try {
            ends.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void accept(BusMessage signal) {
        if (!signal.member().equals("ProcessStateChanged")) {
            return;
        }
        List<Object> body = signal.body();
        synchronized (ends) {
            ends.add(new ProcessEnd(
                    (Integer) body.get(0), (Long) body.get(1), (Boolean) body.get(2), (Long) body.get(3)));
            ends.notifyAll();
        }
    }
}
