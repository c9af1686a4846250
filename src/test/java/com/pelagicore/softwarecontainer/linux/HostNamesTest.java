package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostNamesTest {

    private static final List<String> DEAD =
            IntStream.range(0, 9).mapToObj(i -> "dead" + i).toList();

    private final CompletableFuture<String> nameServerIsBack = new CompletableFuture<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void release() {
        nameServerIsBack.complete("back");
    }

    @Test
    void answersAGrantWhileRefreshesHang() throws UnknownHostException {
        HostNames names = new HostNames(this::lookUp, Duration.ofSeconds(20));
        List<CompletableFuture<HostNames.Answer>> refreshes =
                DEAD.stream().map(names::ask).toList();

        Map<String, Set<InetAddress>> addresses = names.resolve(List.of("alive"));

        assertThat(addresses).isEqualTo(Map.of("alive", Set.of(address())));
        assertThat(refreshes).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void neverAsksForWhatHadNotBegunAtTheDeadline() {
        HostNames names = new HostNames(this::lookUp, Duration.ofMillis(300));

        assertThatThrownBy(() -> names.resolve(DEAD)).hasMessageContaining("'dead0' was not resolved in time");
        nameServerIsBack.complete("back");

        assertThat(names.resolve(List.of("alive"))).containsKey("alive");
        assertThat(asked).contains("alive").doesNotContain("dead8");
    }

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        asked.add(name);
        if (name.startsWith("dead")) {
            assertThat(nameServerIsBack.join()).isEqualTo("back");
        }
        return new InetAddress[] {address()};
    }

    private static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    }
}
