package com.pelagicore.softwarecontainer.bus;

import static com.pelagicore.softwarecontainer.bus.ServedObject.FACE;
import static com.pelagicore.softwarecontainer.bus.ServedObject.PATH;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the connection to its end, and whether it still is one. */
class BusLifeTest {

    private final ServedObject served = new ServedObject();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void callsThatCameBeforeTheStartAreAnswered() {
        served.open();
        served.bus.call(PATH, FACE, "Echo", "s", "early");
        served.connection.requestName("x.Name");
        served.bus.call(PATH, FACE, "Echo", "s", "later");

        served.connection.register(PATH, served.object());
        served.connection.start();

        assertThat(served.bus.answer().value()).isEqualTo("early");
        assertThat(served.bus.answer().value()).isEqualTo("later");
    }

    @Test
    void holdsNoMoreEarlyCallsThanUnfinishedOnes() {
        served.open();
        int limit = BusLimits.STANDARD.callsPerClient();
        for (int i = 0; i <= limit; i++) {
            served.bus.call(PATH, FACE, "Echo", "s", "early");
        }

        served.connection.requestName("x.Name");

        served.assertError("LimitsExceeded", "too many calls before the start of the service");
        assertThat(served.bus.unseenAnswers()).isZero();
        served.connection.register(PATH, served.object());
        served.connection.start();
        for (int i = 0; i < limit; i++) {
            assertThat(served.bus.answer().value()).isEqualTo("early");
        }
    }

    @Test
    void answersItselfThroughTheBus() {
        served.serve();

        assertThat(served.connection.answersItself(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void doesNotAnswerItselfWhileNoWorkerComesToIt() throws Exception {
        served.serve();
        for (int i = 0; i < BusLimits.STANDARD.threads(); i++) {
            served.bus.callAs(":1." + (70 + i % 2), (byte) 0, PATH, FACE, "Slow", "is", i, "x");
            served.slow.take();
        }

        assertThat(served.connection.answersItself(Duration.ofMillis(100))).isFalse();

        served.permits.release(10_000);
        assertThat(served.connection.answersItself(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void doesNotAnswerItselfWithoutABus() {
        served.serve();
        served.bus.hangUp();

        assertThat(served.connection.answersItself(Duration.ofMillis(100))).isFalse();
    }

    @Test
    void tellsOnceThatTheBusIsLost() throws Exception {
        served.serve();

        served.bus.hangUp();

        assertThat(served.losses.poll(10, SECONDS)).isEqualTo("the bus closed the connection");
        served.connection.emit(new Signal(PATH, FACE, "S", "", List.of(), Optional.empty()));
        assertThat(served.losses).isEmpty();
        assertThat(served.bus.isClosed()).isTrue();
    }

    @Test
    void aWriteErrorIsALossOfTheBus() throws Exception {
        served.serve();
        served.bus.broken = true;

        served.bus.call(PATH, FACE, "Echo", "s", "x");

        assertThat(served.losses.poll(10, SECONDS)).isEqualTo("send: EPIPE");
    }

    @Test
    void aLossBeforeTheStartIsAnExceptionOfTheRequestAndToldAtTheStart() {
        served.open();
        served.bus.broken = true;

        assertThatThrownBy(() -> served.connection.requestName("x.Name"))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("the bus refused RequestName: send: EPIPE");
        assertThat(served.losses).isEmpty();

        served.connection.start();
        assertThat(served.losses).containsExactly("send: EPIPE");
    }

    @Test
    void closingIsNoLoss() {
        served.serve();

        served.connection.close();
        served.connection.close();

        assertThat(served.bus.isClosed()).isTrue();
        assertThat(served.losses).isEmpty();
    }

    @Test
    void believesAnswersOfTheBusFromTheBusOnly() {
        served.open();
        served.bus.nameReply = 3;
        for (int serial = 1; serial < 10; serial++) {
            served.bus.send(FakeMessages.forgedReply(serial));
        }

        assertThat(served.connection.requestName("x.Name")).isEqualTo(NameRequest.TAKEN);
    }

    @Test
    void tellsATakenName() {
        served.open();
        served.bus.nameReply = 3;

        assertThat(served.connection.requestName("x.Name")).isEqualTo(NameRequest.TAKEN);
    }

    @Test
    void refusesToConnectWhereItIsNotWelcome() {
        served.open();
        FakeBus unfriendly = new FakeBus();
        unfriendly.welcome = "REJECTED EXTERNAL";

        assertThatThrownBy(() -> BusConnection.connect(unfriendly, BusLimits.STANDARD, served.losses::add))
                .isInstanceOf(SoftwareContainerException.class)
                .hasMessage("the bus refuses this user: 'REJECTED EXTERNAL'");
        assertThat(unfriendly.isClosed()).isTrue();
    }
}
