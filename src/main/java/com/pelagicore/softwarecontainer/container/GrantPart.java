package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import java.util.function.Consumer;

/** Brings one kind of grant to one running container. Called under the container's lock. */
interface GrantPart {

    /**
     * Checks what can be checked, and changes nothing.
     *
     * @param granted what the container has
     * @param wanted what it is to have; more than {@code granted}
     * @return the changes, each announced before it is made
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException if it cannot be had
     */
    Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted);

    /**
     * Goes on with what an earlier agent granted, as if it had been granted by this one. What a server or a device
     * of the host that is not there (any more) is the reason for is logged, and made good when it comes.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException if the container is not as the
     *     earlier agent made it, and cannot be made so
     */
    void adopt(ContainerSpec granted);
}
