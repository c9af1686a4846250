package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.agent.Access;
import com.pelagicore.softwarecontainer.agent.Authority;
import com.pelagicore.softwarecontainer.agent.HostPaths;
import com.pelagicore.softwarecontainer.agent.dbus.Polkit;
import com.pelagicore.softwarecontainer.bus.BusConnection;
import com.pelagicore.softwarecontainer.config.AccessConfig;
import com.pelagicore.softwarecontainer.config.DaemonConfig;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.linux.HostAccounts;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may use the agent, by its configuration. */
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private Guard() {}

    static Access access(DaemonConfig config, Containers containers, BusConnection bus) {
        AccessConfig access = config.access();
        // on a session bus anybody may take polkit's name
        boolean asksPolkit = access.polkit()
                && (!config.useSessionBus() || config.busAddress().isPresent());
        Authority authority = asksPolkit ? new Polkit(bus) : Authority.NONE;
        return new Access(
                containers,
                group(access.group()),
                new HostPaths(access.readablePaths(), access.writablePaths()),
                authority);
    }

    private static OptionalLong group(String name) {
        if (name.isEmpty()) {
            return OptionalLong.empty();
        }
        if (name.matches("[0-9]{1,9}")) {
            return OptionalLong.of(Long.parseLong(name));
        }
        OptionalLong id = HostAccounts.groupId(name);
        if (id.isEmpty()) {
            LOG.info("there is no group '{}' on this host, so it has no members", name);
        }
        return id;
    }
}
