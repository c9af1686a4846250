package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerMounts;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The file that tells scripts in the container what gateways set; processes get it from the grant itself. */
final class EnvironmentPart implements GrantPart {

    private static final Path FILE = Path.of("/gateways/env");

    private final ContainerMounts mounts;
    private final InitProcess init;

    EnvironmentPart(ContainerMounts mounts, InitProcess init) {
        this.mounts = mounts;
        this.init = init;
    }

    @Override
    public Consumer<UndoScope> plan(ContainerSpec granted, ContainerSpec wanted) {
        if (wanted.environment().equals(granted.environment())) {
            return scope -> {};
        }
        return scope -> {
            scope.announce(new UndoStep.WriteInside(
                    init.pid(), init.startTicks(), FILE, EnvironmentFile.of(granted.environment())));
            mounts.writeFile(init, FILE, EnvironmentFile.of(wanted.environment()));
        };
    }

    @Override
    public void adopt(ContainerSpec granted) {}
}
