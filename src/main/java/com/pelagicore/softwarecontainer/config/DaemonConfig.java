package com.pelagicore.softwarecontainer.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The daemon's configuration after command line, file and defaults were merged. All paths are absolute.
 *
 * @param busAddress D-Bus server address from the command line; empty: chosen by {@code useSessionBus}
 * @param serviceManifestDir directory or file; empty: not given, see {@link #serviceManifests}
 * @param defaultServiceManifestDir the same
 * @param gatewayDir jars of gateways; may be missing
 * @param sharedMountsDir mount points and sockets, gone after a reboot
 * @param stateDir journals, template, writable layers on disk
 * @param dbusUid whom contained clients are on the host's buses
 * @param dbusContainerUids whom else Create may choose for those of a container
 * @param lxcPath empty: liblxc's own default
 * @param cgroupParent path below the root of control groups; empty: where LXC makes them
 * @param gatewaySettings by key, those that are given and that only gateways read; paths are absolute
 */
public record DaemonConfig(
        Optional<String> busAddress,
        boolean useSessionBus,
        Duration shutdownTimeout,
        Path sharedMountsDir,
        Path deprecatedLxcConfigPath,
        Optional<Path> serviceManifestDir,
        Optional<Path> defaultServiceManifestDir,
        Path gatewayDir,
        Path stateDir,
        Optional<Path> lxcPath,
        Optional<String> cgroupParent,
        int dbusUid,
        UserIds dbusContainerUids,
        Recovery recovery,
        OnStop onStop,
        ConfinementConfig confinement,
        NetworkConfig network,
        AccessConfig access,
        Map<String, String> gatewaySettings) {

    public DaemonConfig {
        gatewaySettings = Map.copyOf(gatewaySettings);
    }

    /** Where the service manifests are: must exist if given; else the default, or an empty path if that is missing. */
    public Path serviceManifests() {
        return serviceManifestDir.orElseGet(() -> defaultIfPresent(ConfigKey.SERVICE_MANIFEST_DIR));
    }

    /** The same for the manifests of the default capabilities. */
    public Path defaultServiceManifests() {
        return defaultServiceManifestDir.orElseGet(() -> defaultIfPresent(ConfigKey.DEFAULT_SERVICE_MANIFEST_DIR));
    }

    private static Path defaultIfPresent(ConfigKey key) {
        Path path = Path.of(key.defaultText().orElseThrow());
        return Files.exists(path) ? path : Path.of("");
    }
}
