package com.pelagicore.softwarecontainer.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class IdRangeTest {

    @Test
    void isDividedIntoEqualPartsThatDoNotOverlap() {
        IdRange range = new IdRange(1_000_000, 3 * 65_536 + 5);

        assertThat(range.containers()).isEqualTo(3);
        assertThat(range.ofContainer(0)).hasToString("1000000-1065535");
        assertThat(range.ofContainer(2)).hasToString("1131072-1196607");
        assertThat(range.ofContainer(1).overlaps(range.ofContainer(2))).isFalse();
        assertThat(range.ofContainer(1).overlaps(range)).isTrue();
    }

    @Test
    void readsWhatItWrites() {
        assertThat(IdRange.parse("1000000-1065535")).isEqualTo(new IdRange(1_000_000, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> IdRange.parse("1000000"));
        assertThatIllegalArgumentException().isThrownBy(() -> IdRange.parse("5-4"));
    }

    @Test
    void hasNoPartBeyondItsEnd() {
        IdRange range = new IdRange(1_000_000, 3 * 65_536 - 1);

        assertThatIllegalArgumentException().isThrownBy(() -> range.ofContainer(2));
        assertThatIllegalArgumentException().isThrownBy(() -> range.ofContainer(-1));
    }

    @Test
    void neverContainsRootAndEndsBelowTheIdsThatTheKernelKeepsForItself() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IdRange(0, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> new IdRange(Integer.MAX_VALUE - 10, 11));
        assertThatIllegalArgumentException().isThrownBy(() -> new IdRange(1, 0));
    }
}
