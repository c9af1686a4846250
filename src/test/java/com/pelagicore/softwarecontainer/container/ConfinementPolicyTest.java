package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConfinementPolicyTest {

    private static final ContainerOptions PLAIN = new ContainerOptions(false, OptionalLong.empty());
    private static final ContainerOptions LEGACY =
            new ContainerOptions(false, OptionalLong.empty(), OptionalInt.empty(), true, false);
    private static final OptionalInt LIMIT = OptionalInt.of(100);
    private static final IdRange TWO = new IdRange(1_000_000, 2 * 65_536);

    @Test
    void givesEachContainerIdsOfItsOwn() {
        ConfinementPolicy policy = policy(false, false);

        assertThat(policy.confinementOf(new ContainerId(1), PLAIN))
                .isEqualTo(new Confinement(
                        false, Optional.of(new IdRange(1_065_536, 65_536)), true, Optional.of("tight"), LIMIT));
    }

    @Test
    void refusesAContainerForWhichThereAreNoIds() {
        ConfinementPolicy policy = policy(false, true);

        assertThatThrownBy(() -> policy.confinementOf(new ContainerId(2), PLAIN))
                .hasMessage("There are user ids for 2 containers, see 'id-range', and none for SC-2")
                .extracting("kind")
                .isEqualTo(ErrorKind.LIMIT_EXCEEDED);
        assertThat(policy.confinementOf(new ContainerId(2), LEGACY).legacy()).isTrue();
    }

    @Test
    void refusesLegacyPrivilegesUnlessTheyAreAllowed() {
        assertThatThrownBy(() -> policy(false, false).confinementOf(new ContainerId(0), LEGACY))
                .hasMessageContaining("'allow-legacy-containers'")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_ARGUMENT);
    }

    @Test
    void limitsTheProcessesOfLegacyContainersAsWell() {
        Confinement legacy = new Confinement(true, Optional.empty(), false, Optional.empty(), LIMIT);

        assertThat(policy(false, true).confinementOf(new ContainerId(0), LEGACY))
                .isEqualTo(legacy);
        assertThat(policy(true, false).confinementOf(new ContainerId(0), PLAIN)).isEqualTo(legacy);
        assertThat(policy(true, false).confinementOf(new ContainerId(0), LEGACY))
                .isEqualTo(legacy);
    }

    @Test
    void seesWhichNumbersWouldHaveIdsThatAreTaken() {
        ConfinementPolicy policy = policy(false, false);
        IdRange second = TWO.ofContainer(1);

        assertThat(policy.wouldShare(new ContainerId(0), second)).isFalse();
        assertThat(policy.wouldShare(new ContainerId(1), second)).isTrue();
        assertThat(policy.wouldShare(new ContainerId(2), second)).isFalse();
        IdRange across = new IdRange(second.first() - 1, IdRange.PER_CONTAINER);
        assertThat(policy.wouldShare(new ContainerId(0), across)).isTrue();
        assertThat(policy.wouldShare(new ContainerId(1), across)).isTrue();
    }

    private static ConfinementPolicy policy(boolean legacy, boolean legacyOnRequest) {
        return new ConfinementPolicy(legacy, legacyOnRequest, Optional.of(TWO), true, Optional.of("tight"), LIMIT);
    }
}
