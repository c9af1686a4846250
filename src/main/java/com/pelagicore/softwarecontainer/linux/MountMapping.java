package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitProcess;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets containers with users of their own see the owners that files have on the host. Where a file system cannot do
 * that, its files are nobody's in the container, or the mount is refused, as configured.
 */
final class MountMapping {

    private static final Logger LOG = LoggerFactory.getLogger(MountMapping.class);

    private final boolean required;

    MountMapping(boolean required) {
        this.required = required;
    }

    /**
     * Maps a detached mount and all below it; a container with the users of the host: nothing.
     *
     * @throws SoftwareContainerException HOST_REFUSED if that is required and cannot be had
     */
    void apply(Descriptor mount, InitProcess init, Path hostPath) {
        if (UserMap.of(init).isEmpty()) {
            return;
        }
        try (Descriptor users = UserMap.namespaceOf(init)) {
            boolean all = DetachedMount.map(mount, users, MountCalls.AT_RECURSIVE);
            boolean top = all || DetachedMount.map(mount, users, 0);
            if (!all) {
                complain(hostPath, top ? "something mounted below '" + hostPath + "'" : "'" + hostPath + "'");
            }
        }
    }

    /** True: a socket that can be connected to, as its own permissions allow. */
    boolean applyToSocket(Descriptor socket, InitProcess init) {
        if (UserMap.of(init).isEmpty()) {
            return true;
        }
        try (Descriptor users = UserMap.namespaceOf(init)) {
            return DetachedMount.map(socket, users, 0);
        }
    }

    private void complain(Path hostPath, String what) {
        String text = "the file system of " + what + " cannot show its files to users of a container";
        if (required) {
            throw new SoftwareContainerException(
                    ErrorKind.HOST_REFUSED, text + ", which 'require-confinement' asks for");
        }
        LOG.warn("mount of '{}': {}, there they are nobody's", hostPath, text);
    }
}
