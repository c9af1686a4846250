package com.pelagicore.softwarecontainer.container;

import static com.pelagicore.softwarecontainer.container.ContainerState.DESTROYED;
import static com.pelagicore.softwarecontainer.container.ContainerState.INVALID;
import static com.pelagicore.softwarecontainer.container.ContainerState.READY;
import static com.pelagicore.softwarecontainer.container.ContainerState.SUSPENDED;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.EnumSet;

/** Each verb, the states it is allowed in, the state it leads to. */
enum Verb {
    EXECUTE(EnumSet.of(READY), READY, "Invalid to execute code in non ready container"),
    BIND_MOUNT(EnumSet.of(READY), READY, "Invalid to bind mount in non ready container"),
    GRANT(EnumSet.of(READY), READY, "Invalid to start gateways on non ready container"),
    SIGNAL(EnumSet.of(READY), READY, "Invalid to signal processes of non ready container"),
    SUSPEND(EnumSet.of(READY), SUSPENDED, "Invalid to suspend non ready container"),
    RESUME(EnumSet.of(SUSPENDED), READY, "Invalid to resume non suspended container"),
    DESTROY(
            EnumSet.of(READY, SUSPENDED, INVALID),
            DESTROYED,
            "Invalid to shut down container which is not ready or suspended");

    @SuppressWarnings("ImmutableEnumChecker") // never changed, never handed out
    private final EnumSet<ContainerState> allowedIn;

    private final ContainerState leadsTo;
    private final String refusal;

    Verb(EnumSet<ContainerState> allowedIn, ContainerState leadsTo, String refusal) {
        this.allowedIn = allowedIn;
        this.leadsTo = leadsTo;
        this.refusal = refusal;
    }

    ContainerState leadsTo() {
        return leadsTo;
    }

    /**
     * Refuses the verb in a state in which it is not allowed.
     *
     * @throws SoftwareContainerException WRONG_STATE with the text that clients of the original know
     */
    void check(ContainerState state, ContainerId id) {
        if (!allowedIn.contains(state)) {
            String reason = state == INVALID ? "Container is invalid" : refusal;
            throw new SoftwareContainerException(ErrorKind.WRONG_STATE, reason + " " + id.name());
        }
    }
}
