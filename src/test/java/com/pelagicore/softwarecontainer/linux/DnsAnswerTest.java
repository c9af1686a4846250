package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsAnswerTest {

    /** An alias for 300 s and two addresses for 60 and 30 s, the names of the answers as pointers. */
    private static final byte[] ALIAS = HexFormat.of()
            .parseHex("1234 8180 0001 0003 0000 0000".replace(" ", "")
                    + "03777777076578616d706c6503636f6d00 0001 0001".replace(" ", "") // www.example.com A?
                    + "c00c 0005 0001 0000012c 0004 0161c010".replace(" ", "")
                    + "c02d 0001 0001 0000003c 0004 c0000201".replace(" ", "")
                    + "c02d 0001 0001 0000001e 0004 c0000202".replace(" ", ""));

    @Test
    void isGoodForTheShortestTimeOfAllAnswers() {
        assertThat(new DnsAnswer(ALIAS, ALIAS.length).timeToLive()).contains(Duration.ofSeconds(30));
    }

    @Test
    void countsWhatIsThereOfAnAnswerThatIsCutOff() {
        assertThat(new DnsAnswer(ALIAS, ALIAS.length - 10).timeToLive()).contains(Duration.ofSeconds(60));
    }

    @Test
    void tellsNothingWithoutAnAnswer() {
        byte[] none = Arrays.copyOf(ALIAS, ALIAS.length);
        none[7] = 0;

        assertThat(new DnsAnswer(none, none.length).timeToLive()).isEmpty();
        assertThat(new DnsAnswer(none, 0).timeToLive()).isEmpty();
    }

    @Test
    void takesATtlWithTheHighestBitForZero() {
        byte[] negative = Arrays.copyOf(ALIAS, ALIAS.length);
        negative[negative.length - 10] = (byte) 0x80;

        assertThat(new DnsAnswer(negative, negative.length).timeToLive()).contains(Duration.ZERO);
    }

    @Test
    void standsAnyBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] anything = Arrays.copyOf(ALIAS, ALIAS.length);
            for (int flaws = random.nextInt(8); flaws >= 0; flaws--) {
                anything[random.nextInt(anything.length)] = (byte) random.nextInt();
            }
            assertThat(new DnsAnswer(anything, random.nextInt(200)).timeToLive().map(Duration::isNegative))
                    .isNotEqualTo(Optional.of(true));
        }
    }
}
