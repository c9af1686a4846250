package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.process.ProcessFiles;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Brings a container to life: file tree, definition, lxc-start, link to its init. */
final class ContainerStarter {

    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(10);

    private final ContainerHost host;
    private final ContainerListener listener;

    ContainerStarter(ContainerHost host, ContainerListener listener) {
        this.host = host;
        this.listener = listener;
    }

    /** Starts it, or leaves nothing behind. */
    Container start(ContainerId id, ContainerOptions options, Owner owner) {
        options.busUser().ifPresent(host.busFilter()::requireUser);
        Confinement confinement = host.confinement().confinementOf(id, options);
        UndoJournal journal = host.journals().create(id.name(), JournalFacts.toJson(options), confinement);
        try {
            return new Container(id, options, host, start(id, options, journal, owner), owner);
        } catch (RuntimeException e) {
            forget(journal, e);
            throw e;
        }
    }

    private StartedContainer start(ContainerId id, ContainerOptions options, UndoJournal journal, Owner owner) {
        String name = id.name();
        String marker = journal.header().marker();
        Confinement confinement = journal.header().confinement();
        try (UndoScope scope = journal.scope(host.undoer())) {
            ContainerRootfs rootfs = host.rootfs().prepare(name, options, confinement, scope::announce);
            scope.announce(new UndoStep.UndefineContainer(name, marker));
            host.runtime().define(name, rootfs.mountPoint(), marker, confinement);
            scope.announce(new UndoStep.StopContainer(name, marker));
            InitProcess init = host.runtime().start(name);
            if (!confinement.legacy()) {
                host.mounts().protect(init);
            }
            Instant created = Instant.now().truncatedTo(ChronoUnit.MICROS);
            JournalFacts.noteStart(owner, created, init, rootfs, scope);
            LifeSign lifeSign = new LifeSign(id, listener, new ProcessFiles(rootfs.processDirectory()));
            InitLink link = host.init().connect(init, lifeSign, INIT_TIMEOUT);
            commit(scope, link, lifeSign);
            return new StartedContainer(journal, created, rootfs, init, link, lifeSign);
        }
    }

    private static void commit(UndoScope scope, InitLink link, LifeSign lifeSign) {
        try {
            scope.commit();
        } catch (RuntimeException e) {
            lifeSign.expectEnd();
            link.close();
            throw e;
        }
    }

    /** What could not be undone stays in the journal, for the next start of the agent. */
    private static void forget(UndoJournal journal, RuntimeException cause) {
        if (journal.isEmpty()) {
            journal.delete();
        } else {
            journal.close();
            cause.addSuppressed(new IllegalStateException("not all could be undone, see " + journal));
        }
    }
}
