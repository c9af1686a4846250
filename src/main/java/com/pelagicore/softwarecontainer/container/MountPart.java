package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import java.util.List;
import java.util.function.Consumer;

/** Files and directories of the host; one that is widened to read-write is mounted upon the earlier mount. */
final class MountPart implements GrantPart {

    private final Mounter mounter;

    MountPart(Mounter mounter) {
        this.mounter = mounter;
    }

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        List<BindMount> mounts = wanted.mountsBeyond(granted);
        mounts.forEach(mount -> check(mount, granted));
        return scope -> mounts.forEach(mount -> mounter.mount(mount, scope));
    }

    /** There is nothing to know: mounts stay, and are looked up. */
    @Override
    public void adopt(ContainerSpec granted) {}

    private void check(BindMount mount, ContainerSpec granted) {
        if (granted.mounts().containsKey(mount.containerPath())) {
            mounter.checkUpon(mount);
        } else {
            mounter.check(mount);
        }
    }
}
