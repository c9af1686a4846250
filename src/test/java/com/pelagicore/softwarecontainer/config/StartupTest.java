package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupTest {

    @TempDir
    Path directory;

    @Test
    void hasDefaultsForEverything() {
        DaemonConfig config = run().config();

        assertThat(config)
                .isEqualTo(new DaemonConfig(
                        Optional.empty(),
                        false,
                        Duration.ofSeconds(1),
                        Path.of("/run/softwarecontainer"),
                        Path.of("/etc/softwarecontainer/softwarecontainer.conf"),
                        Optional.empty(),
                        Optional.empty(),
                        Path.of("/usr/lib/softwarecontainer/gateways"),
                        Path.of("/var/lib/softwarecontainer"),
                        Optional.empty(),
                        Optional.empty(),
                        65534,
                        UserIds.NONE,
                        Recovery.ADOPT,
                        OnStop.KEEP,
                        new ConfinementConfig(false, false, Set.of(), Optional.empty(), OptionalInt.of(4096)),
                        new NetworkConfig(
                                true,
                                "lxcbr0",
                                "10.0.3.1",
                                "255.255.255.0",
                                24,
                                "10.0.3.0",
                                true,
                                new HostNameTimes(Duration.ofMinutes(1), Duration.ofHours(1))),
                        new AccessConfig("softwarecontainer", true, List.of(), List.of(), 16),
                        Map.of()));
        assertThat(run().logLevel()).isEqualTo(LogLevel.INFO);
        assertThat(run().warnings()).isEmpty();
    }

    @Test
    void readsEveryKeyOfTheFile() throws IOException {
        Path file = file(
                """
                [SoftwareContainer]
                use-session-bus = true
                access-group = 1004
                polkit = false
                containers-per-user = 3
                readable-host-paths = /a/b/:/c
                writable-host-paths = /d
                shutdown-timeout = 7
                shared-mounts-dir = /a/mounts/
                state-dir = /a/state
                lxc-path = /a/lxc
                cgroup-parent = a.slice/b@1.service
                service-manifest-dir = /a/manifests.json
                default-service-manifest-dir = /a/defaults
                gateway-dir = /a/gateways
                pulse-socket = /a/pulse
                pulse-cookie = cookie
                wayland-socket = /a/wayland
                dbus-uid = 1234
                dbus-container-uids = 990-999, 1234
                recovery = destroy
                on-stop = keep
                confinement = default
                allow-legacy-containers = true
                require-confinement = pids; userns;
                id-range = 1000000:655360
                process-limit = 0
                create-bridge = 0
                bridge-device = br-1
                bridge-ip = 192.168.5.129
                bridge-netmask = 255.255.255.128
                bridge-netmask-bitlength = 25
                bridge-netaddr = 192.168.5.128
                open-host-firewall = false
                name-refresh-interval = 9
                name-keep-time = 0
                deprecated-lxc-config-path = /a/conf
                """);

        Startup.Run run = run("-c", file.toString());

        assertThat(run.config())
                .isEqualTo(new DaemonConfig(
                        Optional.empty(),
                        true,
                        Duration.ofSeconds(7),
                        Path.of("/a/mounts"),
                        Path.of("/a/conf"),
                        Optional.of(Path.of("/a/manifests.json")),
                        Optional.of(Path.of("/a/defaults")),
                        Path.of("/a/gateways"),
                        Path.of("/a/state"),
                        Optional.of(Path.of("/a/lxc")),
                        Optional.of("a.slice/b@1.service"),
                        1234,
                        UserIds.parse("990-999,1234"),
                        Recovery.DESTROY,
                        OnStop.KEEP,
                        new ConfinementConfig(
                                false,
                                true,
                                Set.of(ConfinementPiece.USER_NAMESPACE, ConfinementPiece.PROCESS_LIMIT),
                                Optional.of(new IdRange(1_000_000, 655_360)),
                                OptionalInt.empty()),
                        new NetworkConfig(
                                false,
                                "br-1",
                                "192.168.5.129",
                                "255.255.255.128",
                                25,
                                "192.168.5.128",
                                false,
                                new HostNameTimes(Duration.ofSeconds(9), Duration.ZERO)),
                        new AccessConfig(
                                "1004", false, List.of(Path.of("/a/b"), Path.of("/c")), List.of(Path.of("/d")), 3),
                        Map.of(
                                "pulse-socket", "/a/pulse",
                                "pulse-cookie", directory.resolve("cookie").toString(),
                                "wayland-socket", "/a/wayland")));
        assertThat(run.warnings())
                .extracting(Problem::toString)
                .containsExactly(file + ":" + line(file, "deprecated-lxc-config-path")
                        + ": 'deprecated-lxc-config-path' has no effect, ignoring");
    }

    @Test
    void letsTheCommandLineOverruleTheFile() throws IOException {
        Path file = file(
                """
                [SoftwareContainer]
                use-session-bus = false
                shutdown-timeout = 7
                service-manifest-dir = /file/m
                default-service-manifest-dir = /file/d
                """);

        DaemonConfig config = run(
                        "-c", file.toString(), "-b", "-t", "9", "-m", "/line/m.json", "--default-manifest-dir=/line/d")
                .config();

        assertThat(config.useSessionBus()).isTrue();
        assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.serviceManifestDir()).contains(Path.of("/line/m.json"));
        assertThat(config.defaultServiceManifestDir()).contains(Path.of("/line/d"));
    }

    @Test
    void readsTheDefaultFileIfItExists() throws IOException {
        Path file = file("[SoftwareContainer]\nshutdown-timeout=42\n");

        Startup startup = new StartupReader(directory, file, "1").read(List.of());

        assertThat(((Startup.Run) startup).config().shutdownTimeout()).isEqualTo(Duration.ofSeconds(42));
    }

    @Test
    void takesRelativePathsFromTheCurrentDirectory() throws IOException {
        file("[SoftwareContainer]\nstate-dir=state/./x/..\nlxc-path=lxc\n");

        DaemonConfig config = run("-c", "config", "-m", "manifests").config();

        assertThat(config.stateDir()).isEqualTo(directory.resolve("state"));
        assertThat(config.lxcPath()).contains(directory.resolve("lxc"));
        assertThat(config.serviceManifestDir()).contains(directory.resolve("manifests"));
    }

    @Test
    void checksTheHostWithTheSameConfiguration() throws IOException {
        file("[SoftwareContainer]\nprocess-limit=7\n");

        Startup.Check check = (Startup.Check) read("-c", "config", "--check");

        assertThat(check.config()).isEqualTo(run("-c", "config").config());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "15", "30"})
    void takesANetmaskThatAgreesWithItsLength(int bits) throws IOException {
        String netmask = Ipv4.text(Ipv4.netmask(bits));
        file("[SoftwareContainer]\nbridge-netmask=" + netmask + "\nbridge-netmask-bitlength=" + bits
                + "\nbridge-netaddr=10.0.3.1\n");

        assertThat(run("-c", "config").config().network().bridgeNetmask()).isEqualTo(netmask);
    }

    @Test
    void warnsOfOptionsWithoutEffect() {
        Startup.Run run = run("--user=1000", "-b", "--address=unix:path=/run/bus");

        assertThat(run.config().busAddress()).contains("unix:path=/run/bus");
        assertThat(run.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "--user: has no effect, ignoring", "--session-bus: has no effect beside --address, ignoring");
    }

    @Test
    void readsTheLogLevel() {
        assertThat(run("--log-level", "debug").logLevel()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void printsTheVersion() {
        assertThat(read("-V")).isEqualTo(new Startup.Print("softwarecontainer-agent 1.2.3\n"));
    }

    @Test
    void printsTheHelpWhateverElseIsSaid() {
        Startup startup = read("--nope", "-c", "/missing", "--help");

        assertThat(startup).isInstanceOf(Startup.Print.class);
        assertThat(((Startup.Print) startup).text()).startsWith("Usage: softwarecontainer-agent [OPTION...]\n");
    }

    @ParameterizedTest
    @CsvSource({"adopt, , KEEP", "destroy, , DESTROY", "adopt, destroy, DESTROY", "destroy, keep, KEEP"})
    void stopsAsItRecoversUnlessItIsToldOtherwise(String recovery, String onStop, OnStop expected) throws IOException {
        String line = onStop == null ? "" : "on-stop=" + onStop + "\n";
        Path file = Files.writeString(
                directory.resolve("stop.conf"), "[SoftwareContainer]\nrecovery=" + recovery + "\n" + line);

        assertThat(run("-c", file.toString()).config().onStop()).isEqualTo(expected);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("config"), text);
    }

    private static int line(Path file, String key) throws IOException {
        List<String> keys = Files.readAllLines(file).stream()
                .map(line -> line.split("=", 2)[0].strip())
                .toList();
        return keys.indexOf(key) + 1;
    }

    private Startup read(String... arguments) {
        return new StartupReader(directory, directory.resolve("no-such-default"), "1.2.3").read(List.of(arguments));
    }

    private Startup.Run run(String... arguments) {
        Startup startup = read(arguments);
        assertThat(startup).isInstanceOf(Startup.Run.class);
        return (Startup.Run) startup;
    }
}
