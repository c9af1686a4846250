package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContainerIdsTest {

    private final ContainerIds ids = new ContainerIds();

    @Test
    void countsUpFromZero() {
        assertThat(ids.take().value()).isZero();
        assertThat(ids.take().value()).isEqualTo(1);
        assertThat(ids.take().value()).isEqualTo(2);
    }

    /** As measured with the original: destroy 0, then 1; the next ids are 1, 0, then a new one. */
    @Test
    void handsOutReturnedOnesLastInFirstOutBeforeNewOnes() {
        ContainerId first = ids.take();
        ContainerId second = ids.take();

        ids.giveBack(first);
        ids.giveBack(second);

        assertThat(ids.take()).isEqualTo(second);
        assertThat(ids.take()).isEqualTo(first);
        assertThat(ids.take().value()).isEqualTo(2);
    }

    @Test
    void areNumbersFromZeroWithANameAndAnOrder() {
        ContainerId id = new ContainerId(10);

        assertThat(id.name()).isEqualTo("SC-10").isEqualTo(id.toString());
        assertThat(id).isGreaterThan(new ContainerId(9));
        assertThatThrownBy(() -> new ContainerId(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
