package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.undo.JournalHeader;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import com.pelagicore.softwarecontainer.undo.UndoStep;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Brings a container to life: file tree, definition, lxc-start, link to its init. */
final class ContainerStarter {

    /** The journal's fact: when the container was made, as an ISO 8601 instant. */
    static final String CREATED_FACT = "created";

    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(10);

    private final ContainerHost host;
    private final ContainerListener listener;
    private final String bootId;

    ContainerStarter(ContainerHost host, ContainerListener listener, String bootId) {
        this.host = host;
        this.listener = listener;
        this.bootId = bootId;
    }

    /** Starts it, or leaves nothing behind. */
    Container start(ContainerId id, ContainerOptions options, Owner owner) {
        options.busUser().ifPresent(host.busFilter()::requireUser);
        Confinement confinement = host.confinement().confinementOf(id, options);
        String marker = UUID.randomUUID().toString();
        UndoJournal journal = UndoJournal.create(
                host.journalDirectory().resolve(id.name()),
                new JournalHeader(id.name(), bootId, marker, toJson(options), confinement));
        Instant created = Instant.now().truncatedTo(ChronoUnit.MICROS);
        try {
            journal.note(Owner.FACT, owner.toJson());
            journal.note(CREATED_FACT, JsonNodeFactory.instance.stringNode(created.toString()));
            return new Container(id, options, host, start(id, options, journal, created), owner);
        } catch (RuntimeException e) {
            forget(journal, e);
            throw e;
        }
    }

    private StartedContainer start(ContainerId id, ContainerOptions options, UndoJournal journal, Instant created) {
        String name = id.name();
        String marker = journal.header().marker();
        Confinement confinement = journal.header().confinement();
        try (UndoScope scope = journal.scope(host.undoer())) {
            ContainerRootfs rootfs = host.rootfs().prepare(name, options, scope::announce);
            scope.announce(new UndoStep.UndefineContainer(name, marker));
            host.runtime().define(name, rootfs.mountPoint(), marker, confinement);
            scope.announce(new UndoStep.StopContainer(name, marker));
            InitProcess init = host.runtime().start(name);
            journal.note("init", toJson(init));
            if (!confinement.legacy()) {
                host.mounts().protect(init);
            }
            LifeSign lifeSign = new LifeSign(id, listener);
            // last of all: a link that is open would have to be closed again if something failed behind it
            InitLink link = host.init().connect(init, lifeSign, INIT_TIMEOUT);
            scope.commit();
            return new StartedContainer(journal, created, rootfs, init, link, lifeSign);
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

    private static JsonNode toJson(ContainerOptions options) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("writeBuffer", options.writeBuffer())
                .put("legacy", options.legacy());
        options.temporaryFileSystemBytes().ifPresent(bytes -> json.put("temporaryFileSystemBytes", bytes));
        options.busUser().ifPresent(user -> json.put("busUser", user));
        return json;
    }

    private static JsonNode toJson(InitProcess init) {
        return JsonNodeFactory.instance.objectNode().put("pid", init.pid()).put("startTicks", init.startTicks());
    }
}
