package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.HostUser;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Does things with the rights of a user of the host, each on a thread of its own that ends with it. Only the
 * effective ids are the user's, by system calls that glibc would make for all threads: the real and saved ones
 * stay root's, so that the user can neither signal nor trace the thread (kill(2), ptrace(2)), and with the last
 * effective id 0 the capabilities go (capabilities(7)).
 */
final class UserThread {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** File systems of the user's own (FUSE) need not answer: threads that wait for one are lost. */
    private static final int THREADS_PER_USER = 4;

    private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
    private static final long SYS_SETGROUPS = ARM ? 159 : 116;
    private static final long SYS_SETRESGID = ARM ? 149 : 119;
    private static final long SYS_SETRESUID = ARM ? 147 : 117;
    private static final long UNCHANGED = -1;
    /** The group of who is in none. */
    private static final long NOGROUP = 65534;

    private final Map<Long, Semaphore> threads = new ConcurrentHashMap<>();

    /**
     * Runs the operation and waits for it.
     *
     * @return what it returns; if it comes too late it is closed
     * @throws SoftwareContainerException TIMED_OUT, LIMIT_EXCEEDED, or what the operation threw
     */
    <T extends AutoCloseable> T call(HostUser user, Supplier<T> operation) {
        Semaphore free = threads.computeIfAbsent(user.uid(), uid -> new Semaphore(THREADS_PER_USER));
        if (!free.tryAcquire()) {
            throw new SoftwareContainerException(
                    ErrorKind.LIMIT_EXCEEDED, "too many files of user " + user.uid() + " are being opened");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> run(user, operation, result, free), "as-" + user.uid());
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            free.release();
            throw e;
        }
        return await(result);
    }

    private static <T extends AutoCloseable> void run(
            HostUser user, Supplier<T> operation, CompletableFuture<T> result, Semaphore free) {
        try {
            become(user);
            T value = operation.get();
            if (!result.complete(value)) {
                value.close();
            }
        } catch (Throwable e) {
            result.completeExceptionally(e);
        } finally {
            free.release();
        }
    }

    private static <T> T await(CompletableFuture<T> result) {
        try {
            return result.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new SoftwareContainerException(
                        ErrorKind.TIMED_OUT, "the file system did not answer within " + DEADLINE.toSeconds() + " s", e);
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void become(HostUser user) {
        long group = primaryGroup(user);
        int[] groups = user.groups().stream().mapToInt(Long::intValue).toArray();
        if (UserCalls.syscall(SYS_SETGROUPS, groups.length, groups) < 0
                || UserCalls.syscall(SYS_SETRESGID, UNCHANGED, group, UNCHANGED) < 0
                || UserCalls.syscall(SYS_SETRESUID, UNCHANGED, user.uid(), UNCHANGED) < 0) {
            throw Errno.refused("setresuid(" + user.uid() + ")");
        }
    }

    /** The account's own, if the user's process has it too. */
    private static long primaryGroup(HostUser user) {
        return HostAccounts.primaryGroup(user.uid()).stream()
                .filter(user.groups()::contains)
                .findFirst()
                .orElseGet(
                        () -> user.groups().stream().mapToLong(gid -> gid).min().orElse(NOGROUP));
    }
}
