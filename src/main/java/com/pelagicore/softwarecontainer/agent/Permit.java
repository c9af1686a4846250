package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.Owner;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.HostUser;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.nio.file.Path;
import java.util.Optional;

/** What one caller may do, {@link Access} applied to it. */
record Permit(Caller caller, Access access) {

    void require(Permission permission) {
        access.require(caller, permission);
    }

    /** Memory that the host gives for a write buffer counts for nobody's limits. */
    void requireModest(ContainerOptions options) {
        long most = ContainerOptions.DEFAULT_TEMPORARY_FILE_SYSTEM_BYTES;
        if (!caller.isRoot() && options.temporaryFileSystemBytes().orElse(0) > most) {
            throw new SoftwareContainerException(
                    ErrorKind.LIMIT_EXCEEDED,
                    "temporaryFileSystemSize is over " + most + " bytes, the limit for users other than root");
        }
    }

    /** As {@link Access#requireUse}. */
    void requireUse(int id) {
        access.requireUse(caller, id);
    }

    /** As {@link Access#container}. */
    Container container(int id) {
        return access.container(caller, id);
    }

    /** As {@link Access#limit}. */
    Optional<Path> limit(BindMount mount) {
        return access.limit(caller, mount);
    }

    Owner owner() {
        return caller.owner();
    }

    /** With whose rights files of the host are opened. */
    HostUser user() {
        return new HostUser(caller.uid(), caller.groups());
    }
}
