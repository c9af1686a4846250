package com.pelagicore.softwarecontainer.busfilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterLogTest {

    private final List<String> lines = new ArrayList<>();
    private long now;
    private final FilterLog log = new FilterLog("SC-0", lines::add, () -> now);

    @Test
    void writesTenLinesInTenSeconds() {
        write(100);

        assertThat(lines).hasSize(10).first().isEqualTo("SC-0: line 0");
    }

    @Test
    void saysLaterHowManyItLeftOut() {
        write(100);
        now += Duration.ofSeconds(10).toNanos();
        write(100);

        assertThat(lines).hasSize(21).element(10).isEqualTo("SC-0: 90 more of these before");
    }

    @Test
    void leavesOutNothingOfFew() {
        write(10);
        now += Duration.ofSeconds(10).toNanos();
        write(1);

        assertThat(lines).hasSize(11).doesNotContain("SC-0: 0 more of these before");
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            log.write("line " + i);
        }
    }
}
