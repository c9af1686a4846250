package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.spec.Peer;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sets of addresses in what {@code nft -j list table} prints (libnftables-json(5)). */
final class NftSets {

    private NftSets() {}

    /** Addresses by name of their set; text that is something else: none. */
    static Map<String, Set<InetAddress>> parse(String json) {
        Map<String, Set<InetAddress>> sets = new HashMap<>();
        for (JsonNode object : tree(json).path("nftables")) {
            JsonNode set = object.path("set");
            Set<InetAddress> addresses = new HashSet<>();
            for (JsonNode element : set.path("elem")) {
                // of a string that is no address there are none in these sets
                if (element.isString() && Peer.parse(element.stringValue()) instanceof Peer.Network network) {
                    addresses.add(network.address());
                }
            }
            if (set.path("name").isString()) {
                sets.put(set.path("name").stringValue(), addresses);
            }
        }
        return sets;
    }

    /** What the names in a container's rules stood for when its sets were filled last. */
    static Map<String, Set<InetAddress>> addresses(NetworkAccess access, Map<String, Set<InetAddress>> sets) {
        Map<String, Set<InetAddress>> addresses = new HashMap<>();
        for (int i = 0; i < access.names().size(); i++) {
            Set<InetAddress> both = new HashSet<>();
            for (int family : new int[] {4, 6}) {
                both.addAll(sets.getOrDefault(NftRules.set(access.place().container(), i, family), Set.of()));
            }
            addresses.put(access.names().get(i), both);
        }
        return addresses;
    }

    private static JsonNode tree(String json) {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }
}
