package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * The host as a router: sysctls of the kernel's networking/ip-sysctl. What was there before is kept in a file, so
 * that also a later agent can put it back.
 */
final class Forwarding {

    private static final Path SYSCTLS = Path.of("/proc/sys");
    private static final Path FORWARD_4 = Path.of("net/ipv4/ip_forward");
    private static final Path FORWARD_6 = Path.of("net/ipv6/conf/all/forwarding");
    private static final Path INTERFACES_6 = Path.of("net/ipv6/conf");

    private final Path before;

    /**
     * For one bridge.
     *
     * @param before a file in a directory that is empty after a reboot
     */
    Forwarding(Path before) {
        this.before = before;
    }

    static boolean hasIpv6() {
        return Stream.of("all", "default")
                .map(name -> SYSCTLS.resolve(INTERFACES_6).resolve(name).resolve("disable_ipv6"))
                .allMatch(file -> Files.exists(file) && read(file).equals("0"));
    }

    /** Nobody else is on a bridge of ours; a second of waiting for them would hold up the first packets. */
    static void trustOwnAddress(String device) {
        Path sysctl = SYSCTLS.resolve(INTERFACES_6).resolve(device).resolve("accept_dad");
        try {
            if (Files.exists(sysctl)) {
                Files.writeString(sysctl, "0");
            }
        } catch (IOException e) {
            throw refused(sysctl, e);
        }
    }

    void enable(boolean ipv6) {
        enable(FORWARD_4);
        if (ipv6 && !isEnabled(FORWARD_6)) {
            keepRouterAdvertisements();
            enable(FORWARD_6);
        }
    }

    private static boolean isEnabled(Path sysctl) {
        return read(SYSCTLS.resolve(sysctl)).equals("1");
    }

    private void enable(Path sysctl) {
        if (!isEnabled(sysctl)) {
            change(sysctl, "0", "1");
        }
    }

    /** With 1, a host that forwards stops to listen to its routers and loses its own IPv6 network. */
    private void keepRouterAdvertisements() {
        Path interfaces = SYSCTLS.resolve(INTERFACES_6);
        try (Stream<Path> all = Files.list(interfaces)) {
            for (Path file : all.map(each -> each.resolve("accept_ra")).toList()) {
                if (Files.exists(file) && read(file).equals("1")) {
                    change(SYSCTLS.relativize(file), "1", "2");
                }
            }
        } catch (IOException e) {
            throw refused(interfaces, e);
        }
    }

    private void change(Path sysctl, String old, String value) {
        try {
            List<String> lines = new ArrayList<>(Files.exists(before) ? Files.readAllLines(before) : List.of());
            lines.add(sysctl + "=" + old);
            Files.write(before, lines);
            Files.writeString(SYSCTLS.resolve(sysctl), value);
        } catch (IOException e) {
            throw refused(SYSCTLS.resolve(sysctl), e);
        }
    }

    /** Puts back what {@link #enable} changed; nothing: nothing. */
    void restore() {
        if (!Files.exists(before)) {
            return;
        }
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(before));
            Collections.reverse(lines);
            for (String line : lines) {
                int equals = line.lastIndexOf('=');
                Path sysctl = SYSCTLS.resolve(line.substring(0, equals));
                if (Files.exists(sysctl)) {
                    Files.writeString(sysctl, line.substring(equals + 1));
                }
            }
            Files.delete(before);
        } catch (IOException e) {
            throw refused(before, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static SoftwareContainerException refused(Path file, IOException e) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "'" + file + "' cannot be changed: " + e.getMessage(), e);
    }
}
