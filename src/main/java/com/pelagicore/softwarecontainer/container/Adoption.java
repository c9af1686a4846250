package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.container.Leftovers.Leftover;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.InitLink;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.process.ProcessFiles;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what an earlier agent left: what lives is as it was, what was half-made is undone, what was half gone
 * goes (docs/adr/0012).
 */
final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    /** Its init has been running for long; only a container that is stuck does not answer. */
    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(3);

    private final ContainerHost host;
    private final ContainerListener listener;
    private final Leftovers leftovers;

    Adoption(ContainerHost host, ContainerListener listener, Leftovers leftovers) {
        this.host = host;
        this.listener = listener;
        this.leftovers = leftovers;
    }

    /** Those that clients know, and that are not gone by now. Nothing is undone before all are known. */
    List<Container> adopt() {
        List<Container> adopted = new ArrayList<>();
        List<Leftover> doomed = new ArrayList<>();
        for (Leftover each : leftovers.read()) {
            // after a reboot nothing of it runs, and who used it is new as well
            boolean gone = each.journal().isDestroying()
                    || each.journal().isOfEarlierBoot()
                    || each.facts().options().bound();
            if (each.isKnown() && !gone) {
                adopted.add(takeOver(each));
            } else {
                doomed.add(each);
            }
        }
        enforceNetworkRules(adopted);
        adopted.forEach(Adoption::undoUnfinished);
        // notes what it does, which would make a whole of half a change
        adopted.forEach(Containers::renewDevices);
        for (Leftover each : doomed) {
            if (!leftovers.destroy(each) && each.isKnown()) {
                adopted.add(broken(each, lifeSign(each)));
            }
        }
        return adopted;
    }

    private Container takeOver(Leftover leftover) {
        Optional<InitProcess> running = host.runtime().init(leftover.name(), leftover.marker());
        LifeSign lifeSign = lifeSign(leftover);
        if (running.isEmpty() || !running.equals(leftover.facts().init())) {
            return lost(leftover, lifeSign);
        }
        InitLink link;
        try {
            link = host.init().connect(running.get(), lifeSign, INIT_TIMEOUT);
        } catch (SoftwareContainerException e) {
            LOG.error("container {} of an earlier agent does not answer", leftover.name(), e);
            return broken(leftover, lifeSign);
        }
        Container container = container(leftover, link, lifeSign);
        try {
            container.adopt(leftover.facts().grant());
            LOG.info("container {} of an earlier agent adopted", leftover.name());
        } catch (SoftwareContainerException e) {
            LOG.error("container {} is not as an earlier agent left it, it can only be destroyed", leftover.name(), e);
        }
        return container;
    }

    private Container lost(Leftover leftover, LifeSign lifeSign) {
        try {
            leftover.facts().init().ifPresent(LifeSign::requireGone);
            lifeSign.diedMeanwhile();
        } catch (SoftwareContainerException e) {
            // nothing of it has ended, so nothing is reported; an agent that LXC tells more of can go on with it
            LOG.error("container {} of an earlier agent: {}", leftover.name(), e.getMessage());
        }
        return broken(leftover, lifeSign);
    }

    private static void undoUnfinished(Container container) {
        try {
            container.undoUnfinished();
        } catch (RuntimeException e) {
            LOG.error("{}: half a change cannot be undone, it can only be destroyed", container.id(), e);
        }
    }

    /** The rules that are in force already hold until then. */
    private void enforceNetworkRules(List<Container> adopted) {
        try {
            host.network().enforceAdopted();
        } catch (SoftwareContainerException e) {
            LOG.error("the network rules of containers of an earlier agent could not be put in force", e);
            adopted.stream().filter(Container::hasNetwork).forEach(Container::invalidate);
        }
    }

    /** One that can only be destroyed. */
    private Container broken(Leftover leftover, LifeSign lifeSign) {
        Container container = container(leftover, InitLink.CLOSED, lifeSign);
        container.invalidate();
        return container;
    }

    private LifeSign lifeSign(Leftover leftover) {
        return new LifeSign(
                id(leftover), listener, new ProcessFiles(rootfs(leftover).processDirectory()));
    }

    /** Of one that is half gone not all is known, nor needed. */
    private Container container(Leftover leftover, InitLink link, LifeSign lifeSign) {
        JournalFacts facts = leftover.facts();
        InitProcess init = facts.init().orElse(new InitProcess(0, 0));
        Instant created = facts.created().orElse(Instant.EPOCH);
        StartedContainer started =
                new StartedContainer(leftover.journal(), created, rootfs(leftover), init, link, lifeSign);
        Owner owner = facts.owner().orElse(Owner.ROOT);
        return new Container(id(leftover), facts.options(), host, started, owner);
    }

    private static ContainerRootfs rootfs(Leftover leftover) {
        return leftover.facts().rootfs().orElse(new ContainerRootfs(Path.of("/"), Path.of("/")));
    }

    private static ContainerId id(Leftover leftover) {
        return ContainerId.of(leftover.name());
    }
}
