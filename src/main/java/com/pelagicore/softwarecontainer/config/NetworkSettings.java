package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The bridge keys: each for itself and together. */
final class NetworkSettings {

    /** IFNAMSIZ less the final NUL; linux/if.h. A leading {@code -} would be an option to tools. */
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.-]{0,14}");

    private static final int MAX_SECONDS = 86_400;

    private NetworkSettings() {}

    /** Tells {@code problems}; the record is of use only if there were none. */
    static NetworkConfig read(Settings settings, List<Problem> problems) {
        int before = problems.size();
        NetworkConfig network = new NetworkConfig(
                settings.flag(ConfigKey.CREATE_BRIDGE),
                settings.text(ConfigKey.BRIDGE_DEVICE, NetworkSettings::device),
                settings.text(ConfigKey.BRIDGE_IP, NetworkSettings::address),
                settings.text(ConfigKey.BRIDGE_NETMASK, NetworkSettings::address),
                settings.number(ConfigKey.BRIDGE_NETMASK_BITLENGTH, 1, 31),
                settings.text(ConfigKey.BRIDGE_NETADDR, NetworkSettings::address),
                settings.flag(ConfigKey.OPEN_HOST_FIREWALL),
                new HostNameTimes(
                        Duration.ofSeconds(settings.number(ConfigKey.NAME_REFRESH_INTERVAL, 1, MAX_SECONDS)),
                        Duration.ofSeconds(settings.number(ConfigKey.NAME_KEEP_TIME, 0, MAX_SECONDS))));
        if (problems.size() == before) {
            problems.addAll(contradictions(network, settings));
        }
        return network;
    }

    private static List<Problem> contradictions(NetworkConfig network, Settings settings) {
        List<Problem> problems = new ArrayList<>();
        int netmask = Ipv4.netmask(network.netmaskBits());
        if (Ipv4.parse(network.bridgeNetmask()) != netmask) {
            problems.add(new Problem(
                    where(settings, ConfigKey.BRIDGE_NETMASK, ConfigKey.BRIDGE_NETMASK_BITLENGTH),
                    "'bridge-netmask' is " + network.bridgeNetmask() + ", but 'bridge-netmask-bitlength' is "
                            + network.netmaskBits() + ", which is " + Ipv4.text(netmask)));
            return problems;
        }
        int net = Ipv4.parse(network.bridgeNetAddress()) & netmask;
        if ((Ipv4.parse(network.bridgeIp()) & netmask) != net) {
            problems.add(new Problem(
                    where(settings, ConfigKey.BRIDGE_IP, ConfigKey.BRIDGE_NETADDR),
                    "'bridge-ip' " + network.bridgeIp() + " is not in the network 'bridge-netaddr' " + Ipv4.text(net)
                            + "/" + network.netmaskBits()));
        }
        return problems;
    }

    /** The place of the first key that was given; one of the two was, as the defaults agree. */
    private static String where(Settings settings, ConfigKey first, ConfigKey second) {
        return settings.origin(first).or(() -> settings.origin(second)).orElse("");
    }

    private static String device(String text) {
        boolean valid = DEVICE.matcher(text).matches() && !text.equals(".") && !text.equals("..");
        if (!valid) {
            throw new IllegalArgumentException(
                    "must be a device name of 1 to 15 letters, digits, '_', '.' and '-', not " + Quoted.text(text));
        }
        return text;
    }

    private static String address(String text) {
        return Ipv4.text(Ipv4.parse(text));
    }
}
