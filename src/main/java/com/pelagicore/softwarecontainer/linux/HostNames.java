package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Addresses of host names, as the host's own resolver gives them. Thread-safe. */
final class HostNames {

    /** All of a grant's names together; the C library gives up on a dead name server after about ten seconds. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final int MAX_THREADS = 4;

    private final Executor threads = executor();

    private static ExecutorService executor() {
        return Executors.newFixedThreadPool(MAX_THREADS, run -> {
            Thread thread = new Thread(run, "resolver");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * All addresses of all names.
     *
     * @throws SoftwareContainerException NOT_FOUND naming the first name without an address, TIMED_OUT
     */
    Map<String, Set<InetAddress>> resolve(List<String> names) {
        Map<String, CompletableFuture<Set<InetAddress>>> answers = new LinkedHashMap<>();
        names.forEach(name -> answers.put(name, CompletableFuture.supplyAsync(() -> lookUp(name), threads)));
        Map<String, Set<InetAddress>> addresses = new LinkedHashMap<>();
        long end = System.nanoTime() + DEADLINE.toNanos();
        answers.forEach((name, answer) -> addresses.put(name, await(name, answer, end - System.nanoTime())));
        return addresses;
    }

    private static Set<InetAddress> await(String name, CompletableFuture<Set<InetAddress>> answer, long nanos) {
        try {
            return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SoftwareContainerException(
                    ErrorKind.TIMED_OUT, "The host name '" + name + "' was not resolved in time", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SoftwareContainerException refused
                    ? refused
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Set<InetAddress> lookUp(String name) {
        try {
            return new LinkedHashSet<>(Arrays.asList(InetAddress.getAllByName(name)));
        } catch (UnknownHostException e) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "The host name '" + name + "' has no address: " + e.getMessage(), e);
        }
    }
}
