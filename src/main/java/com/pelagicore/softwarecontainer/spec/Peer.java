package com.pelagicore.softwarecontainer.spec;

import java.net.InetAddress;

/** The other side of a connection, as a network rule names it. */
public sealed interface Peer {

    /** Everybody. */
    record Anyone() implements Peer {

        @Override
        public String toString() {
            return "*";
        }
    }

    /**
     * An address or a network, IPv4 or IPv6.
     *
     * @param address of the network: bits beyond the prefix are 0
     * @param prefixBits 32 or 128 for a single address
     */
    record Network(InetAddress address, int prefixBits) implements Peer {

        public boolean isIpv4() {
            return address.getAddress().length == 4;
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + prefixBits;
        }
    }

    /** A host name, in lower case, without a dot at the end. */
    record Name(String name) implements Peer {

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Reads {@code *}, an empty text (the same), an address, {@code ADDRESS/BITS}, {@code ADDRESS/NETMASK} or a
     * host name (RFC 1123). Never asks a name server.
     *
     * @throws IllegalArgumentException with what it must be
     */
    static Peer parse(String text) {
        if (text.isEmpty() || text.equals("*")) {
            return new Anyone();
        }
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (!PeerSyntax.looksLikeAddress(host)) {
            if (slash >= 0) {
                throw new IllegalArgumentException("has a '/', but no address before it");
            }
            return new Name(PeerSyntax.name(text));
        }
        byte[] address = PeerSyntax.address(host);
        int bits = slash < 0 ? 8 * address.length : PeerSyntax.prefixBits(text.substring(slash + 1), address.length);
        return new Network(PeerSyntax.network(address, bits), bits);
    }
}
