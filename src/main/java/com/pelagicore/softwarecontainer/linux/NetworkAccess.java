package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.container.HostNetwork;
import com.pelagicore.softwarecontainer.linux.NetworkLayout.Place;
import com.pelagicore.softwarecontainer.spec.NetworkRule;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a container is to have.
 *
 * @param addresses of the host names in the rules
 */
record NetworkAccess(String bridge, Place place, Set<NetworkRule> rules, Map<String, Set<InetAddress>> addresses)
        implements HostNetwork.Prepared {

    List<String> names() {
        return NftRules.names(rules);
    }
}
