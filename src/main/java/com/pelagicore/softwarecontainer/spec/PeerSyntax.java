package com.pelagicore.softwarecontainer.spec;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax of addresses and names. */
final class PeerSyntax {

    private static final Pattern DOTTED = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private PeerSyntax() {}

    static boolean looksLikeAddress(String host) {
        return host.indexOf(':') >= 0 || DOTTED.matcher(host).matches();
    }

    static byte[] address(String host) {
        return host.indexOf(':') >= 0 ? ipv6(host) : ipv4(host);
    }

    private static byte[] ipv4(String host) {
        Matcher parts = IPV4.matcher(host);
        if (!parts.matches()) {
            throw new IllegalArgumentException("is not an IPv4 address");
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = Integer.parseInt(parts.group(i + 1));
            if (part > 255) {
                throw new IllegalArgumentException("is not an IPv4 address");
            }
            address[i] = (byte) part;
        }
        return address;
    }

    private static byte[] ipv6(String host) {
        try {
            // text with a colon is never taken for a name
            byte[] address =
                    IPV6.matcher(host).matches() ? InetAddress.getByName(host).getAddress() : new byte[0];
            if (address.length == 16) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is not an IPv6 address", e);
        }
        throw new IllegalArgumentException("is not an IPv6 address");
    }

    static int prefixBits(String text, int addressBytes) {
        if (addressBytes == 4 && IPV4.matcher(text).matches()) {
            return netmaskBits(ipv4(text));
        }
        if (!text.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(text) > 8 * addressBytes) {
            throw new IllegalArgumentException("must have a number from 0 to " + 8 * addressBytes + " behind the '/'");
        }
        return Integer.parseInt(text);
    }

    private static int netmaskBits(byte[] netmask) {
        int mask = 0;
        for (byte part : netmask) {
            mask = (mask << 8) | (part & 255);
        }
        int bits = Integer.bitCount(mask);
        if (bits < 32 && mask << bits != 0) {
            throw new IllegalArgumentException("has a netmask with holes");
        }
        return bits;
    }

    static InetAddress network(byte[] address, int bits) {
        byte[] network = new byte[address.length];
        for (int i = 0; i < 8 * address.length && i < bits; i++) {
            network[i / 8] |= (byte) (address[i / 8] & (128 >> (i % 8)));
        }
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("is neither an address nor a host name");
        }
        return name;
    }
}
