package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SaslTest {

    private final SaslServer server = new SaslServer("0123");
    private final OutputQueue output = new OutputQueue();
    private final FakeSocket socket = new FakeSocket();

    @Test
    void acceptsAClientThatSendsAllAtOnceAndLeavesTheMessagesBehind() {
        ByteBuffer data = bytes("\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\nl");

        assertThat(answers(data)).isEqualTo("DATA\r\nOK 0123\r\nAGREE_UNIX_FD\r\n");
        assertThat(server.isComplete()).isTrue();
        assertThat(data.remaining()).isEqualTo(1);
    }

    @Test
    void acceptsAClientThatNamesItself() {
        assertThat(answers(bytes("\0AUTH EXTERNAL 30\r\nBEGIN\r\n"))).isEqualTo("OK 0123\r\n");
    }

    @Test
    void offersExternalToOthers() {
        assertThat(answers(bytes("\0AUTH\r\nAUTH ANONYMOUS 00\r\nWHAT\r\n")))
                .isEqualTo("REJECTED EXTERNAL\r\nREJECTED EXTERNAL\r\nERROR\r\n");
        assertThat(server.isComplete()).isFalse();
    }

    @Test
    void hangsUpOnWhoBeginsWithoutAuthentication() {
        assertThatThrownBy(() -> answers(bytes("\0BEGIN\r\n"))).isInstanceOf(MalformedStream.class);
    }

    @Test
    void hangsUpOnEndlessLines() {
        assertThatThrownBy(() -> answers(bytes("\0" + "A".repeat(2000)))).isInstanceOf(MalformedStream.class);
        assertThatThrownBy(() -> answers(bytes("WHAT\r\n".repeat(100)))).isInstanceOf(MalformedStream.class);
        assertThatThrownBy(() -> new SaslServer("").read(bytes("AUTH"), output)).isInstanceOf(MalformedStream.class);
    }

    @Test
    void readsTheAnswersOfTheHostsBus() {
        SaslClient client = new SaslClient();
        ByteBuffer data = bytes("DATA\r\nOK 99\r\nAGREE_UNIX_FD\r\nl");

        client.read(data);

        assertThat(client.isComplete()).isTrue();
        assertThat(data.remaining()).isEqualTo(1);
        assertThatThrownBy(() -> new SaslClient().read(bytes("REJECTED EXTERNAL\r\n")))
                .isInstanceOf(MalformedStream.class);
    }

    private String answers(ByteBuffer data) {
        server.read(data, output);
        assertThat(output.flush(socket)).isTrue();
        return socket.sent.toString(StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
