package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.io.IOException;
import java.nio.file.Path;

/** Moves a detached mount, which it owns, to its place in a container. */
final class Attachment implements NamespaceThread.Operation<Boolean> {

    private static final Path DEVICES = Path.of("/dev");

    private final Descriptor mount;
    private final BindMount request;

    Attachment(Descriptor mount, BindMount request) {
        this.mount = mount;
        this.request = request;
    }

    @Override
    public Boolean run(NamespaceThread.Entered entered) {
        DetachedMount.restrict(mount, attributes());
        boolean directory = isDirectory(mount, request.hostPath());
        try (ContainerTarget place = new ContainerTarget(entered.root(), request.containerPath(), directory);
                Descriptor target = place.open()) {
            if (isDirectory(target, request.containerPath()) != directory) {
                throw mismatch(directory);
            }
            entered.commit();
            DetachedMount.attach(mount, target, request.containerPath().toString());
            place.keep();
            return true;
        }
    }

    /** Nothing of the host gains rights by a mount; device nodes work if they come from the host's /dev only. */
    private long attributes() {
        long readOnly = request.readOnly() ? MountCalls.MOUNT_ATTR_RDONLY : 0;
        long noDevices = isBelowDevices() ? 0 : MountCalls.MOUNT_ATTR_NODEV;
        return MountCalls.MOUNT_ATTR_NOSUID | readOnly | noDevices;
    }

    private boolean isBelowDevices() {
        try {
            return request.hostPath().toRealPath().startsWith(DEVICES);
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean isDirectory(Descriptor file, Path path) {
        return FileStatus.of(file, path.toString()).isDirectory();
    }

    private SoftwareContainerException mismatch(boolean directory) {
        String host = "'" + request.hostPath() + "' is " + (directory ? "a directory" : "not a directory");
        String container = "'" + request.containerPath() + "' in the container is "
                + (directory ? "not a directory" : "a directory");
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, host + ", but " + container);
    }

    @Override
    public void close() {
        mount.close();
    }
}
