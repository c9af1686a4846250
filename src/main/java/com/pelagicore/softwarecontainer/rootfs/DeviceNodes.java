package com.pelagicore.softwarecontainer.rootfs;

import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Device nodes of the host and in running containers, whose own root may not make any. Paths in the container
 * are resolved so that no link in it leads out of it. May be called from any thread, also at once for one
 * container. Failures are {@code SoftwareContainerException}.
 */
public interface DeviceNodes {

    /**
     * The device of that name; links are followed. Empty: there is nothing of that name.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException INVALID_ARGUMENT if it is no device
     */
    Optional<DeviceFile> onHost(Path hostPath);

    /** Makes a node that must not exist; its directory must. */
    void makeOnHost(Path hostPath, DeviceFile node);

    /**
     * The device of that name, links are not followed. Empty: there is nothing of that name.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException ALREADY_EXISTS if it is no device,
     *     WRONG_STATE if the container is gone
     */
    Optional<DeviceFile> inContainer(InitProcess init, Path containerPath);

    /**
     * Makes the node and missing directories (0755); one of the same device gets owner and permissions.
     *
     * @throws com.pelagicore.softwarecontainer.error.SoftwareContainerException ALREADY_EXISTS if there is
     *     something else, or the directory is the host's
     */
    void place(InitProcess init, Path containerPath, DeviceFile node);

    /** Changes the permissions of a node. Container gone, or another or no device there: nothing. */
    void changePermissions(InitProcess init, Path containerPath, DeviceNumber number, int permissionBits);

    /** Removes a node. Container gone, another or no device there, or a directory of the host: nothing. */
    void remove(InitProcess init, Path containerPath, DeviceNumber number);
}
