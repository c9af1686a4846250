package com.pelagicore.softwarecontainer.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The daemon's configuration after command line, file and defaults were merged. All paths are absolute.
 *
 * @param busAddress D-Bus server address from the command line; empty: chosen by {@code useSessionBus}
 * @param sharedMountsDir mount points and sockets, gone after a reboot
 * @param stateDir journals, template, writable layers on disk
 * @param lxcPath empty: liblxc's own default
 */
public record DaemonConfig(
        Optional<String> busAddress,
        boolean useSessionBus,
        Duration shutdownTimeout,
        Path sharedMountsDir,
        Path deprecatedLxcConfigPath,
        Path serviceManifestDir,
        Path defaultServiceManifestDir,
        Path stateDir,
        Optional<Path> lxcPath,
        Recovery recovery,
        NetworkConfig network) {}
