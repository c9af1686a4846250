package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A network namespace of its own, kept by a process that sleeps until it is closed. */
final class TestNetwork implements AutoCloseable {

    private final Process holder;

    /** An empty one, with loopback up and forwarding off. */
    TestNetwork() {
        try {
            holder = marked(List.of("unshare", "--net", "/bin/sh", "-c", "ip link set lo up; echo ready; exec cat"));
            String line = firstLine(holder);
            if (!"ready".equals(line)) {
                throw new AssertionError("no network namespace: " + line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return holder.pid();
    }

    /** The command, run in this namespace. */
    List<String> command(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(pid()), "-n"));
        all.addAll(List.of(command));
        return all;
    }

    /** What a script prints that has to succeed. */
    String shell(String script) {
        return Programs.run(command("/bin/sh", "-ec", script).toArray(String[]::new))
                .strip();
    }

    /** Starts a program that goes on until it is destroyed, and waits for its first line. */
    Process start(String... command) {
        try {
            Process process = marked(command(command));
            if (firstLine(process).isEmpty()) {
                throw new AssertionError(List.of(command) + " ended");
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that {@link HostSnapshot} takes for one of the tests, should it be left behind. */
    private static Process marked(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(AgentLaunch.MARK, "network");
        return builder.start();
    }

    private static String firstLine(Process process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = process.getInputStream().read(); next >= 0 && next != '\n'; ) {
            line.append((char) next);
            next = process.getInputStream().read();
        }
        return line.toString();
    }

    @Override
    public void close() {
        holder.destroy();
        Deadlines.get(holder.onExit());
    }
}
