package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A process, as proc(5) shows it on the host. */
record HostProcess(long pid) {

    /** That of a program that Execute started: the call may return before the program does its first step. */
    static HostProcess running(AgentClient.Execution run, String program) {
        HostProcess process = new HostProcess(run.pid());
        Deadlines.await(() -> process.read("cmdline").startsWith(program + "\0"));
        return process;
    }

    static Stream<HostProcess> all() {
        return ProcessHandle.allProcesses().map(each -> new HostProcess(each.pid()));
    }

    boolean isAlive() {
        return Files.exists(directory()) && state() != 'Z';
    }

    /** Waits until it has ended; whose child it is may leave it a zombie. */
    void awaitEnd() {
        Deadlines.await(() -> !isAlive());
    }

    /** As letter, of proc(5) field 3; X if there is none. */
    char state() {
        String stat = read("stat");
        return stat.isEmpty() ? 'X' : stat.charAt(stat.lastIndexOf(')') + 2);
    }

    long parent() {
        String stat = read("stat");
        return stat.isEmpty()
                ? 0
                : Long.parseLong(stat.substring(stat.lastIndexOf(')') + 4).split(" ")[0]);
    }

    /** How much of a processor it has used, in ticks. */
    long processorTime() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** With which it was started. */
    SortedMap<String, String> environment() {
        SortedMap<String, String> all = new TreeMap<>();
        for (String each : read("environ").split("\0")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                all.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        return all;
    }

    /** Memory by proportional set size, in kB. */
    long proportionalMemory() {
        return read("smaps_rollup")
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Numbers of its open descriptors, ascending. */
    List<Integer> descriptors() {
        return names("fd");
    }

    List<Integer> threads() {
        return names("task");
    }

    /** PID 1 of its pid namespace. */
    HostProcess init() {
        return all().filter(each -> each.namespace("pid").equals(namespace("pid")))
                .filter(each -> each.read("status").lines().anyMatch(line -> line.matches("NSpid:.*\\s1")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no init of process " + pid));
    }

    String namespace(String kind) {
        try {
            return Files.readSymbolicLink(directory().resolve("ns").resolve(kind))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** A file of proc(5); empty if the process is gone. */
    String read(String name) {
        try {
            return new String(Files.readAllBytes(directory().resolve(name)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }

    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private List<Integer> names(String directory) {
        try (Stream<Path> all = Files.list(directory().resolve(directory))) {
            return all.map(each -> Integer.valueOf(each.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }
}
