package com.pelagicore.softwarecontainer.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The daemon's configuration after command line, file and defaults were merged. Paths that are not empty are absolute.
 *
 * @param busAddress D-Bus server address from the command line; empty: chosen by {@code useSessionBus}
 * @param serviceManifestDir directory or file; empty: not given, and the default does not exist; so is
 *     defaultServiceManifestDir
 * @param gatewayDir jars of gateways; may be missing
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
        Path gatewayDir,
        Path stateDir,
        Optional<Path> lxcPath,
        Recovery recovery,
        NetworkConfig network) {}
