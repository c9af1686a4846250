package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import java.time.Instant;

/** What belongs to a container once it runs. */
record StartedContainer(
        UndoJournal journal,
        Instant created,
        ContainerRootfs rootfs,
        InitProcess init,
        InitLink link,
        LifeSign lifeSign) {}
