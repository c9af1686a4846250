package com.pelagicore.softwarecontainer.config;

/**
 * The bridge for containers with a network, and how their rules are kept up to date.
 *
 * @param bridgeIp dotted quad, as are netmask and net address
 * @param netmaskBits 1 to 31
 * @param openHostFirewall whether chains of others that drop what nothing accepts get a rule that accepts the bridge
 */
public record NetworkConfig(
        boolean createBridge,
        String bridgeDevice,
        String bridgeIp,
        String bridgeNetmask,
        int netmaskBits,
        String bridgeNetAddress,
        boolean openHostFirewall,
        HostNameTimes hostNames) {}
