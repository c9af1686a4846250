package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * User namespaces that nobody lives in: they stand for a mapping of ids when a mount is to be mapped (mount_setattr(2)).
 * Only a process with one thread can enter a new one, so another program is needed to make it; each is kept for the
 * next container with the same ids. Thread-safe.
 */
public final class UserNamespaces {

    private static final long DEADLINE_SECONDS = 10;

    private final Map<IdRange, Descriptor> made = new ConcurrentHashMap<>();

    /**
     * One in which these ids are 0 and up; stays open.
     *
     * @throws SoftwareContainerException HOST_REFUSED
     */
    Descriptor of(IdRange ids) {
        return made.computeIfAbsent(ids, UserNamespaces::make);
    }

    private static Descriptor make(IdRange ids) {
        ProcessBuilder command =
                new ProcessBuilder("unshare", "--user", "cat").redirectError(ProcessBuilder.Redirect.DISCARD);
        command.environment().clear();
        try {
            Process process = command.start();
            try {
                awaitEcho(process);
                return map(process.pid(), ids);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new SoftwareContainerException(ErrorKind.HOST_REFUSED, "unshare --user cannot be run: " + e, e);
        }
    }

    /** The program that answers was started in the new namespace. */
    private static void awaitEcho(Process process) throws IOException {
        CompletableFuture<Void> tooLate = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS));
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        boolean answered = process.getInputStream().read() == '\n';
        tooLate.cancel(false);
        if (!answered) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, "'unshare --user' was refused: there are no user namespaces, or no more");
        }
    }

    private static Descriptor map(long pid, IdRange ids) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String line = "0 " + ids.first() + " " + ids.count();
        write(process.resolve("uid_map"), line);
        write(process.resolve("gid_map"), line);
        Path namespace = process.resolve("ns/user");
        return Opening.checked(Opening.host(FileName.of(namespace), 0), namespace::toString);
    }

    /** The kernel takes the map in one write. */
    private static void write(Path file, String line) throws IOException {
        Files.write(file, line.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }
}
