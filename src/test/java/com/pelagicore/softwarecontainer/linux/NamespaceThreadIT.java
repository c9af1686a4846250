package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.process.InitProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceThreadIT {

    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path root;

    private MountNamespace container;

    @BeforeEach
    void start() {
        container = MountNamespace.start(root);
    }

    @AfterEach
    void stop() {
        container.close();
    }

    @Test
    void entersTheNamespacesAndKeepsTheHostsFiles() throws IOException {
        Path marker = Files.writeString(root.resolve("marker"), "");
        String namespaces = "/proc/thread-self/ns/";

        boolean hostFiles = call(entered -> Files.exists(marker));
        String mount = call(entered -> link(namespaces + "mnt"));
        String network = call(entered -> link(namespaces + "net"));

        assertThat(hostFiles).isTrue();
        assertThat(mount).isEqualTo(link("/proc/" + container.init().pid() + "/ns/mnt"));
        assertThat(network).isEqualTo(link("/proc/" + container.init().pid() + "/ns/net"));
        assertThat(link(namespaces + "mnt")).isNotEqualTo(mount);
        assertThat(link(namespaces + "net")).isNotEqualTo(network);
    }

    @Test
    void givesTheProcessRootDirectory() throws IOException {
        Files.writeString(root.resolve("marker"), "");

        int opened = call(entered -> {
            int file = Opening.inRoot(entered.root(), FileName.of("/../marker"), Opening.PATH_ONLY);
            new Descriptor(file).close();
            return file;
        });

        assertThat(opened).isPositive();
    }

    @Test
    void throwsWhatTheOperationThrew() {
        assertThatThrownBy(() -> call(entered -> {
                    throw new IllegalArgumentException("mine");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine");
    }

    @Test
    void givesUpOnAnOperationThatHangsAndForbidsItsChange() throws InterruptedException {
        CountDownLatch givenUp = new CountDownLatch(1);
        CompletableFuture<String> end = new CompletableFuture<>();

        assertThatThrownBy(() -> NamespaceThread.call(
                        container.init(), MountCalls.CLONE_NEWNS, SHORT, entered -> hang(givenUp, entered, end)))
                .hasMessage("the container did not answer within 50 ms")
                .extracting("kind")
                .isEqualTo(ErrorKind.TIMED_OUT);

        givenUp.countDown();
        assertThat(end.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("forbidden");
    }

    private static boolean hang(
            CountDownLatch givenUp, NamespaceThread.Entered entered, CompletableFuture<String> end) {
        try {
            givenUp.await();
            entered.commit();
            end.complete("allowed");
        } catch (RuntimeException | InterruptedException forbidden) {
            end.complete("forbidden");
        }
        return true;
    }

    @Test
    void closesAResultThatComesTooLate() {
        CountDownLatch givenUp = new CountDownLatch(1);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        AutoCloseable late = () -> closed.complete(true);

        assertThatThrownBy(() -> NamespaceThread.call(container.init(), MountCalls.CLONE_NEWNET, SHORT, entered -> {
                    try {
                        givenUp.await();
                    } catch (InterruptedException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                    return late;
                }))
                .extracting("kind")
                .isEqualTo(ErrorKind.TIMED_OUT);

        givenUp.countDown();
        assertThat(closed.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void waitsForAChangeThatHasBegunAlsoWhenItIsInterrupted() {
        Thread caller = Thread.currentThread();

        String result = NamespaceThread.call(container.init(), MountCalls.CLONE_NEWNS, entered -> {
            entered.commit();
            caller.interrupt();
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesAProcessThatIsGoneOrAnotherOneWithItsPid() {
        InitProcess other =
                new InitProcess(container.init().pid(), container.init().startTicks() + 1);
        InitProcess gone = container.init();
        container.close();

        assertThatThrownBy(() -> NamespaceThread.call(other, MountCalls.CLONE_NEWNS, entered -> "entered"))
                .extracting("kind")
                .isEqualTo(ErrorKind.WRONG_STATE);
        assertThatThrownBy(() -> NamespaceThread.call(gone, MountCalls.CLONE_NEWNS, entered -> "entered"))
                .hasMessage("the container's init, process " + gone.pid() + ", is gone");
    }

    private <T> T call(NamespaceThread.Operation<T> operation) {
        return NamespaceThread.call(container.init(), MountCalls.CLONE_NEWNS | MountCalls.CLONE_NEWNET, operation);
    }

    private static String link(String path) {
        try {
            return Files.readSymbolicLink(Path.of(path)).toString();
        } catch (IOException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
