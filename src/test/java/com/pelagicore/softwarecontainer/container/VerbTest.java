package com.pelagicore.softwarecontainer.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbTest {

    private static final ContainerId ID = new ContainerId(7);

    @ParameterizedTest
    @CsvSource({
        "EXECUTE,    READY,     READY",
        "BIND_MOUNT, READY,     READY",
        "GRANT,      READY,     READY",
        "SUSPEND,    READY,     SUSPENDED",
        "RESUME,     SUSPENDED, READY",
        "DESTROY,    READY,     DESTROYED",
        "DESTROY,    SUSPENDED, DESTROYED",
        "DESTROY,    INVALID,   DESTROYED",
    })
    void isAllowedAndLeadsOn(Verb verb, ContainerState state, ContainerState next) {
        assertThatCode(() -> verb.check(state, ID)).doesNotThrowAnyException();

        assertThat(verb.leadsTo()).isEqualTo(next);
    }

    /** Texts as clients of the original know them. */
    @ParameterizedTest
    @CsvSource({
        "EXECUTE,    SUSPENDED, Invalid to execute code in non ready container SC-7",
        "EXECUTE,    INVALID,   Container is invalid SC-7",
        "EXECUTE,    DESTROYED, Invalid to execute code in non ready container SC-7",
        "BIND_MOUNT, SUSPENDED, Invalid to bind mount in non ready container SC-7",
        "BIND_MOUNT, INVALID,   Container is invalid SC-7",
        "BIND_MOUNT, DESTROYED, Invalid to bind mount in non ready container SC-7",
        "GRANT,      SUSPENDED, Invalid to start gateways on non ready container SC-7",
        "GRANT,      INVALID,   Container is invalid SC-7",
        "GRANT,      DESTROYED, Invalid to start gateways on non ready container SC-7",
        "SUSPEND,    SUSPENDED, Invalid to suspend non ready container SC-7",
        "SUSPEND,    INVALID,   Container is invalid SC-7",
        "SUSPEND,    DESTROYED, Invalid to suspend non ready container SC-7",
        "RESUME,     READY,     Invalid to resume non suspended container SC-7",
        "RESUME,     INVALID,   Container is invalid SC-7",
        "RESUME,     DESTROYED, Invalid to resume non suspended container SC-7",
        "DESTROY,    DESTROYED, Invalid to shut down container which is not ready or suspended SC-7",
    })
    void isRefused(Verb verb, ContainerState state, String text) {
        SoftwareContainerException refusal =
                catchThrowableOfType(SoftwareContainerException.class, () -> verb.check(state, ID));

        assertThat(refusal).hasMessage(text);
        assertThat(refusal.kind()).isEqualTo(ErrorKind.WRONG_STATE);
    }
}
