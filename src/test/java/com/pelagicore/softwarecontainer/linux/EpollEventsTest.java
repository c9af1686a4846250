package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.busfilter.FilterListener;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpollEventsTest {

    private static final Duration WHILE = Duration.ofMillis(200);

    @TempDir
    private Path directory;

    private final EpollEvents events = new EpollEvents();
    private final LinuxFilterHost host = new LinuxFilterHost();
    private int told;

    @Test
    void doesNotTellOfWhatIsPausedUntilItsTimeIsOver() throws IOException {
        FilterListener listener = host.listen(directory.resolve("socket"));
        events.watch(listener, (readable, writable) -> {
            told++;
            events.pause(listener, WHILE);
        });
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("socket")))) {
            long begin = System.nanoTime();
            int waits = 0;
            while (told < 2) {
                events.await(Duration.ofSeconds(10));
                waits++;
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(WHILE);
            assertThat(waits).isLessThan(10);
            assertThat(client.isConnected()).isTrue();
        }
        events.forget(listener);
        listener.close();
    }

    @Test
    void aListenerSaysThatItCannotTakeAConnectionAndNotThatNobodyWaits() {
        FilterListener nobody = host.listen(directory.resolve("socket"));
        FilterListener broken = new StreamListener(StreamListener.newSocket(), new DescriptorMessage());

        assertThat(nobody.accept()).isEmpty();
        assertThatThrownBy(broken::accept)
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("accept4(): EINVAL");
        nobody.close();
        broken.close();
    }
}
