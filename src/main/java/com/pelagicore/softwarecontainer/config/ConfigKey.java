package com.pelagicore.softwarecontainer.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of the configuration file, group [SoftwareContainer]. The one table of them: a test compares it
 * with conf/softwarecontainer-config and docs/man/softwarecontainer-config.5.
 */
enum ConfigKey {
    USE_SESSION_BUS("use-session-bus", "boolean", "false"),
    ACCESS_GROUP("access-group", "group", "softwarecontainer"),
    POLKIT("polkit", "boolean", "true"),
    CONTAINERS_PER_USER("containers-per-user", "number", "16"),
    READABLE_HOST_PATHS("readable-host-paths", "paths"),
    WRITABLE_HOST_PATHS("writable-host-paths", "paths"),
    SHUTDOWN_TIMEOUT("shutdown-timeout", "seconds", "1"),
    SHARED_MOUNTS_DIR("shared-mounts-dir", "path", "/run/softwarecontainer"),
    STATE_DIR("state-dir", "path", "/var/lib/softwarecontainer"),
    LXC_PATH("lxc-path", "path"),
    CGROUP_PARENT("cgroup-parent", "group"),
    SERVICE_MANIFEST_DIR("service-manifest-dir", "path", "/etc/softwarecontainer/service-manifest.d"),
    DEFAULT_SERVICE_MANIFEST_DIR(
            "default-service-manifest-dir", "path", "/etc/softwarecontainer/service-manifest.default.d"),
    GATEWAY_DIR("gateway-dir", "path", "/usr/lib/softwarecontainer/gateways"),
    PULSE_SOCKET("pulse-socket", "path"),
    PULSE_COOKIE("pulse-cookie", "path"),
    WAYLAND_SOCKET("wayland-socket", "path"),
    DBUS_UID("dbus-uid", "uid", "65534"),
    DBUS_CONTAINER_UIDS("dbus-container-uids", "uids"),
    RECOVERY("recovery", "adopt|destroy", "adopt"),
    ON_STOP("on-stop", "keep|destroy"),
    CONFINEMENT("confinement", "default|legacy", "default"),
    ALLOW_LEGACY_CONTAINERS("allow-legacy-containers", "boolean", "false"),
    REQUIRE_CONFINEMENT("require-confinement", "pieces", "none"),
    ID_RANGE("id-range", "range"),
    PROCESS_LIMIT("process-limit", "number", "4096"),
    CREATE_BRIDGE("create-bridge", "boolean", "true"),
    BRIDGE_DEVICE("bridge-device", "name", "lxcbr0"),
    BRIDGE_IP("bridge-ip", "address", "10.0.3.1"),
    BRIDGE_NETMASK("bridge-netmask", "address", "255.255.255.0"),
    BRIDGE_NETMASK_BITLENGTH("bridge-netmask-bitlength", "bits", "24"),
    BRIDGE_NETADDR("bridge-netaddr", "address", "10.0.3.0"),
    OPEN_HOST_FIREWALL("open-host-firewall", "boolean", "true"),
    NAME_REFRESH_INTERVAL("name-refresh-interval", "seconds", "60"),
    NAME_KEEP_TIME("name-keep-time", "seconds", "3600"),
    DEPRECATED_LXC_CONFIG_PATH("deprecated-lxc-config-path", "path", "/etc/softwarecontainer/softwarecontainer.conf");

    static final String GROUP = "SoftwareContainer";

    private final String key;
    private final String type;
    private final Optional<String> defaultText;

    ConfigKey(String key, String type) {
        this(key, type, Optional.empty());
    }

    ConfigKey(String key, String type, String defaultText) {
        this(key, type, Optional.of(defaultText));
    }

    ConfigKey(String key, String type, Optional<String> defaultText) {
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
    }

    static Optional<ConfigKey> of(String key) {
        return Arrays.stream(values()).filter(k -> k.key.equals(key)).findFirst();
    }

    String key() {
        return key;
    }

    /** The word that stands for the value in the documentation. */
    String type() {
        return type;
    }

    /** As it would stand in the file; empty: decided elsewhere. */
    Optional<String> defaultText() {
        return defaultText;
    }
}
