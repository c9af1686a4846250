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
        List<Mounter.Plan> plans = wanted.mountsBeyond(granted).stream()
                .map(mount -> plan(mount, granted))
                .toList();
        return scope -> plans.forEach(plan -> mounter.mount(plan, scope));
    }

    /** There is nothing to know: mounts stay, and are looked up. */
    @Override
    public void adopt(ContainerSpec granted) {}

    private Mounter.Plan plan(BindMount mount, ContainerSpec granted) {
        return granted.mounts().containsKey(mount.containerPath()) ? mounter.planUpon(mount) : mounter.plan(mount);
    }
}
