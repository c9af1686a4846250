package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.spec.BusRule;
import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.BusRule.Direction;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {

    private static final List<BusRule> RULES =
            List.of(new BusRule(Bus.SYSTEM, Direction.BOTH, "a.*", "/ä", List.of("M", "")));

    static Stream<ControlRequest> requests() {
        return Stream.of(
                new ControlRequest.Identify(),
                new ControlRequest.ListOpen(),
                new ControlRequest.Claim("SC-0", Bus.SESSION),
                new ControlRequest.Retire(),
                new ControlRequest.Open("SC-0", Bus.SYSTEM, "unix:path=/bus", OptionalInt.empty(), RULES),
                new ControlRequest.Open("SC-0", Bus.SYSTEM, "unix:path=/bus", OptionalInt.of(7), RULES),
                new ControlRequest.Replace("SC-0", Bus.SYSTEM, RULES),
                new ControlRequest.Close("SC-0", Bus.SYSTEM),
                new ControlRequest.Agent(Bus.SYSTEM, ":1.5"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsWhatItWrites(ControlRequest request) {
        assertThat(ControlCodec.decode(withoutLength(ControlCodec.encode(request))))
                .isEqualTo(request);
    }

    /** Agents and filters of other versions say them, in these bytes. */
    @Test
    void writesTheRequestsThatNeverChangeAsEver() {
        assertThat(hex(ControlCodec.encode(new ControlRequest.Identify()))).isEqualTo("0000000100");
        assertThat(hex(ControlCodec.encode(new ControlRequest.ListOpen()))).isEqualTo("0000000101");
        assertThat(hex(ControlCodec.encode(new ControlRequest.Claim("SC-0", Bus.SYSTEM))))
                .isEqualTo("0000001302" + "0000000453432d30" + "0000000653595354454d");
        assertThat(hex(ControlCodec.encode(new ControlRequest.Retire()))).isEqualTo("0000000103");
        assertThat(hex(ControlCodec.encode(new ControlAnswer(true, "SC-0 SYSTEM"))))
                .isEqualTo("0000000c00" + "53432d302053595354454d");
        assertThat(hex(ControlCodec.encode(new ControlAnswer(false, "x")))).isEqualTo("000000020178");
    }

    @Test
    void readsAnswers() {
        ControlAnswer refusal = new ControlAnswer(false, "not served");

        assertThat(ControlCodec.decodeAnswer(withoutLength(ControlCodec.encode(refusal))))
                .isEqualTo(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "63", "02ffffffff", "0200000001", "060000000153000000015858"})
    void refusesWhatIsNoRequest(String bytes) {
        assertThatThrownBy(() -> ControlCodec.decode(HexFormat.of().parseHex(bytes)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] withoutLength(byte[] frame) {
        return Arrays.copyOfRange(frame, 4, frame.length);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
