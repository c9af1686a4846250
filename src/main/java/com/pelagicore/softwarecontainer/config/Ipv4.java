package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.regex.Pattern;

/** IPv4 addresses as 32-bit numbers. */
final class Ipv4 {

    /** No leading zeros: some tools read them as octal. */
    private static final Pattern DOTTED_QUAD = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

    private Ipv4() {}

    static int parse(String text) {
        if (!DOTTED_QUAD.matcher(text).matches()) {
            throw notAnAddress(text);
        }
        int address = 0;
        for (String part : text.split("\\.", -1)) {
            int number = Integer.parseInt(part);
            if (number > 255) {
                throw notAnAddress(text);
            }
            address = address << 8 | number;
        }
        return address;
    }

    /** The netmask with that many leading ones, 1 to 31. */
    static int netmask(int bits) {
        return -1 << (32 - bits);
    }

    static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("must be an IPv4 address like 10.0.3.1, not " + Quoted.text(text));
    }
}
