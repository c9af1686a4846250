package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    private static final Path INTERFACES_4 = Path.of("net/ipv4/conf");
    private static final Path SAME_AS_FORWARD_4 = INTERFACES_4.resolve("all/forwarding");
    private static final Path REDIRECTS_4 = INTERFACES_4.resolve("all/accept_redirects");
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
                .allMatch(name ->
                        read(INTERFACES_6.resolve(name).resolve("disable_ipv6")).equals("0"));
    }

    /** Nobody else is on a bridge of ours; a second of waiting for them would hold up the first packets. */
    static void trustOwnAddress(String device) {
        new Setting(INTERFACES_6.resolve(device).resolve("accept_dad"), "0").apply();
    }

    void enable(boolean ipv6) {
        List<Setting> lost = new ArrayList<>();
        List<Setting> changes = new ArrayList<>();
        if (!isEnabled(FORWARD_4)) {
            lost.addAll(differing(List.of(REDIRECTS_4), "1"));
            lost.addAll(differing(ofInterfaces(INTERFACES_4, "forwarding"), "0"));
            changes.add(new Setting(FORWARD_4, "1"));
        }
        if (ipv6 && !isEnabled(FORWARD_6)) {
            lost.addAll(differing(ofInterfaces(INTERFACES_6, "forwarding"), "0"));
            changes.addAll(keptRouterAdvertisements());
            changes.add(new Setting(FORWARD_6, "1"));
        }
        if (!changes.isEmpty()) {
            note(lost, changes);
            changes.forEach(Setting::apply);
        }
    }

    private static boolean isEnabled(Path sysctl) {
        return read(sysctl).equals("1");
    }

    /**
     * What the kernel does not bring back: with forwarding it sets that of all interfaces and of future ones, and
     * all/accept_redirects to the opposite (inet_forward_change() of net/ipv4/devinet.c, addrconf_fixup_forwarding() of
     * net/ipv6/addrconf.c).
     *
     * @param afterwards the value when forwarding went on and off
     */
    private static List<Setting> differing(List<Path> sysctls, String afterwards) {
        return sysctls.stream()
                .map(sysctl -> new Setting(sysctl, read(sysctl)))
                .filter(now -> !now.value().isEmpty() && !now.value().equals(afterwards))
                .toList();
    }

    /** With 1, a host that forwards stops to listen to its routers and loses its own IPv6 network. */
    private static List<Setting> keptRouterAdvertisements() {
        return ofInterfaces(INTERFACES_6, "accept_ra").stream()
                .filter(sysctl -> read(sysctl).equals("1"))
                .map(sysctl -> new Setting(sysctl, "2"))
                .toList();
    }

    private static List<Path> ofInterfaces(Path interfaces, String name) {
        try (Stream<Path> all = Files.list(SYSCTLS.resolve(interfaces))) {
            return all.map(each -> interfaces.resolve(each.getFileName()).resolve(name))
                    .filter(sysctl -> !sysctl.equals(FORWARD_6) && !sysctl.equals(SAME_AS_FORWARD_4))
                    .toList();
        } catch (IOException e) {
            throw refused(SYSCTLS.resolve(interfaces), e);
        }
    }

    /** In the order that {@link #restore} needs, which reads from the end: what the kernel changes with others comes first. */
    private void note(List<Setting> lost, List<Setting> changes) {
        Path next = before.resolveSibling(before.getFileName() + ".new");
        try {
            List<String> lines = new ArrayList<>(Files.exists(before) ? Files.readAllLines(before) : List.of());
            lost.forEach(setting -> lines.add(setting.sysctl() + "=" + setting.value()));
            changes.forEach(setting -> lines.add(setting.sysctl() + "=" + read(setting.sysctl())));
            Files.write(next, lines);
            Files.move(next, before, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw refused(before, e);
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
            lines.forEach(line -> parse(line).apply());
            Files.delete(before);
        } catch (IOException e) {
            throw refused(before, e);
        }
    }

    private static Setting parse(String line) {
        int equals = line.lastIndexOf('=');
        return new Setting(Path.of(line.substring(0, equals)), line.substring(equals + 1));
    }

    /** A sysctl, relative, and a value that it has or is to have. */
    private record Setting(Path sysctl, String value) {

        /** Nothing if its interface is gone. */
        void apply() {
            Path file = SYSCTLS.resolve(sysctl);
            try {
                if (Files.exists(file) && !read(sysctl).equals(value)) {
                    Files.writeString(file, value);
                }
            } catch (IOException e) {
                throw refused(file, e);
            }
        }
    }

    private static String read(Path sysctl) {
        try {
            return Files.readString(SYSCTLS.resolve(sysctl)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static SoftwareContainerException refused(Path file, IOException e) {
        return new SoftwareContainerException(
                ErrorKind.HOST_REFUSED, "'" + file + "' cannot be changed: " + e.getMessage(), e);
    }
}
