package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Addresses of host names, as the host's own resolver gives them. Thread-safe. */
final class HostNames {

    /** All of a grant's names together; the C library gives up on a dead name server after about ten seconds. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final int MAX_THREADS = 4;
    private static final int MAX_ANSWER = 4096;
    private static final int INTERNET = 1;
    private static final int IPV4_ADDRESS = 1;
    private static final int IPV6_ADDRESS = 28;

    /** What InetAddress does. */
    interface LookUp {

        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    private final LookUp lookUp;
    private final Duration deadline;

    /** Somebody waits for a grant, for a refresh nobody does: it may be held up by dead name servers. */
    private final Executor grants = executor();

    private final Executor refreshes = executor();

    /** The host's. */
    HostNames() {
        this(InetAddress::getAllByName, DEADLINE);
    }

    /** For the whole process: Java would keep addresses, and that there are none, longer than the name server says. */
    HostNames(LookUp lookUp, Duration deadline) {
        this.lookUp = lookUp;
        this.deadline = deadline;
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static ExecutorService executor() {
        return Executors.newFixedThreadPool(MAX_THREADS, run -> {
            Thread thread = new Thread(run, "resolver");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What a name stands for.
     *
     * @param timeToLive how long that holds; empty if it is not from DNS, or the name server does not tell
     */
    record Answer(Set<InetAddress> addresses, Optional<Duration> timeToLive) {}

    /**
     * All addresses of all names.
     *
     * @throws SoftwareContainerException NOT_FOUND naming the first name without an address, TIMED_OUT
     */
    Map<String, Set<InetAddress>> resolve(List<String> names) {
        Map<String, CompletableFuture<Set<InetAddress>>> answers = new LinkedHashMap<>();
        names.forEach(name -> answers.put(name, CompletableFuture.supplyAsync(() -> lookUp(name), grants)));
        Map<String, Set<InetAddress>> addresses = new LinkedHashMap<>();
        long end = System.nanoTime() + deadline.toNanos();
        try {
            answers.forEach((name, answer) -> addresses.put(name, await(name, answer, end - System.nanoTime())));
            return addresses;
        } finally {
            // at the deadline: what was not started yet never is
            answers.values().forEach(answer -> answer.cancel(false));
        }
    }

    /** As {@link #resolve}, but with time to ask for the TTL as well, which getaddrinfo(3) does not tell. */
    CompletableFuture<Answer> ask(String name) {
        return CompletableFuture.supplyAsync(() -> new Answer(lookUp(name), timeToLive(name)), refreshes);
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

    private Set<InetAddress> lookUp(String name) {
        try {
            return new LinkedHashSet<>(Arrays.asList(lookUp.addresses(name)));
        } catch (UnknownHostException e) {
            throw new SoftwareContainerException(
                    ErrorKind.NOT_FOUND, "The host name '" + name + "' has no address: " + e.getMessage(), e);
        }
    }

    private static Optional<Duration> timeToLive(String name) {
        return Stream.of(IPV4_ADDRESS, IPV6_ADDRESS)
                .map(type -> timeToLive(name, type))
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    private static Optional<Duration> timeToLive(String name, int type) {
        byte[] answer = new byte[MAX_ANSWER];
        try {
            int length = ResolverCalls.res_search(name, INTERNET, type, answer, answer.length);
            return length < 0 ? Optional.empty() : new DnsAnswer(answer, length).timeToLive();
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty(); // glibc before 2.34
        }
    }
}
