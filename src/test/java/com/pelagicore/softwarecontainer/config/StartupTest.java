package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.spec.IdRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    void refusesAMissingFileThatWasNamed() {
        assertThat(refuse("-c", "missing"))
                .isEqualTo("softwarecontainer-agent: Error loading main config file '" + directory
                        + "/missing': it does not exist\n");
    }

    @Test
    void refusesADirectoryAsFile() {
        assertThat(refuse("-c", "."))
                .contains("Error loading main config file '" + directory.resolve(".") + "': it is a directory");
    }

    @Test
    void refusesAFileThatIsNotUtf8() throws IOException {
        Files.write(directory.resolve("latin1"), "[Gr\u00fc\u00dfe]\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(refuse("-c", "latin1")).contains("it is not UTF-8");
    }

    @Test
    void refusesAnEndlessFileInBoundedTime() {
        assertThat(refuse("-c", "/dev/zero"))
                .contains("Error loading main config file '/dev/zero': it is not a regular");
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        file("#".repeat((1 << 20) + 1));

        assertThat(refuse("-c", "config")).contains("it is larger than 1048576 bytes");
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
    void tellsAllProblemsOfFileAndCommandLineAtOnce() throws IOException {
        Path file = file(
                """
                stray = 1
                [SoftwareContainer]
                use-session-bus = yes
                shutdown-timeout = soon
                colour = red
                nonsense
                [Other]
                key = 1
                """);

        String text = refuse("-c", file.toString(), "--nope", "surplus", "-t", "x", "--log-level=loud", "-a", "bus");

        assertThat(text.lines())
                .containsExactly(
                        "softwarecontainer-agent: unknown option '--nope'",
                        "softwarecontainer-agent: surplus argument 'surplus'",
                        "softwarecontainer-agent: --log-level: must be error, warn, info or debug, not 'loud'",
                        "softwarecontainer-agent: --address: must be a D-Bus address like 'unix:path=/run/bus', not 'bus'",
                        "softwarecontainer-agent: " + file + ":1: key 'stray' stands before the first group",
                        "softwarecontainer-agent: " + file
                                + ":6: 'nonsense' is not 'key = value', a group or a comment",
                        "softwarecontainer-agent: " + file + ":7: Unknown config group 'Other'",
                        "softwarecontainer-agent: " + file + ":5: Unknown config SoftwareContainer::colour",
                        "softwarecontainer-agent: " + file + ":8: Unknown config Other::key",
                        "softwarecontainer-agent: " + file + ":3: 'use-session-bus' must be true or false, not 'yes'",
                        "softwarecontainer-agent: --timeout: 'shutdown-timeout' must be a number from 0 to 3600, not 'x'",
                        "Try 'softwarecontainer-agent --help'");
    }

    @Test
    void doesNotPointToTheHelpIfOnlyTheFileIsWrong() throws IOException {
        file("[SoftwareContainer]\ncolour=red\n");

        assertThat(refuse("-c", "config")).doesNotContain("--help");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    use-session-bus              | TRUE            | must be true or false, not 'TRUE'
                    use-session-bus              | ''              | must be true or false, not ''
                    shutdown-timeout             | -1              | must be a number from 0 to 3600, not '-1'
                    shutdown-timeout             | 3601            | must be a number from 0 to 3600, not '3601'
                    shutdown-timeout             | 1.5             | must be a number from 0 to 3600, not '1.5'
                    shutdown-timeout             | 99999999999999  | must be a number from 0 to 3600, not '99999999999999'
                    shared-mounts-dir            | ''              | must be a path, not empty
                    shared-mounts-dir            | /               | must be a directory below '/', not '/' itself
                    state-dir                    | /x/..           | must be a directory below '/', not '/' itself
                    lxc-path                     | ''              | must be a path, not empty
                    lxc-path                     | /               | must be a directory below '/', not '/' itself
                    cgroup-parent                | ''              | must be the path of a control group like 'machine.slice/x.service', not ''
                    cgroup-parent                | /a/b            | must be the path of a control group like 'machine.slice/x.service', not '/a/b'
                    cgroup-parent                | a/../b          | must be the path of a control group like 'machine.slice/x.service', not 'a/../b'
                    service-manifest-dir         | ''              | must be a path, not empty
                    default-service-manifest-dir | ''              | must be a path, not empty
                    deprecated-lxc-config-path   | ''              | must be a path, not empty
                    dbus-uid                     | 0               | must be a number from 1 to 999999999, not '0'
                    access-group                 | a b             | must be the name or id of a group, or empty, not 'a b'
                    access-group                 | -g              | must be the name or id of a group, or empty, not '-g'
                    containers-per-user          | -1              | must be a number from 0 to 10000, not '-1'
                    readable-host-paths          | /a:b            | must be absolute paths with colons between, not 'b'
                    writable-host-paths          | /a::/b          | must be absolute paths with colons between, not ''
                    dbus-uid                     | nobody          | must be a number from 1 to 999999999, not 'nobody'
                    recovery                     | Adopt           | must be 'adopt' or 'destroy', not 'Adopt'
                    confinement                  | strict          | must be 'default' or 'legacy', not 'strict'
                    require-confinement          | ''              | must be 'none', 'all' or some of userns, idmap, seccomp, apparmor, pids with ';' between, not ''
                    require-confinement          | userns;tpm      | must be 'none', 'all' or some of userns, idmap, seccomp, apparmor, pids with ';' between, not 'tpm'
                    id-range                     | 0:65536         | must be FIRST:COUNT, both at least 65536 and together less than 2147483647, not '0:65536'
                    id-range                     | 100000:65535    | must be FIRST:COUNT, both at least 65536 and together less than 2147483647, not '100000:65535'
                    id-range                     | 2147450000:65536 | must be FIRST:COUNT, both at least 65536 and together less than 2147483647, not '2147450000:65536'
                    id-range                     | 100000          | must be FIRST:COUNT, both at least 65536 and together less than 2147483647, not '100000'
                    process-limit                | -1              | must be a number from 0 to 4194304, not '-1'
                    create-bridge                | 2               | must be true or false, not '2'
                    bridge-device                | ''              | must be a device name of 1 to 15 letters, digits, '_', '.' and '-', not ''
                    bridge-device                | sixteen-letters_ | must be a device name of 1 to 15 letters, digits, '_', '.' and '-', not 'sixteen-letters_'
                    bridge-device                | -i              | must be a device name of 1 to 15 letters, digits, '_', '.' and '-', not '-i'
                    bridge-device                | a/b             | must be a device name of 1 to 15 letters, digits, '_', '.' and '-', not 'a/b'
                    bridge-device                | ..              | must be a device name of 1 to 15 letters, digits, '_', '.' and '-', not '..'
                    bridge-ip                    | 10.0.3          | must be an IPv4 address like 10.0.3.1, not '10.0.3'
                    bridge-ip                    | 10.0.3.256      | must be an IPv4 address like 10.0.3.1, not '10.0.3.256'
                    bridge-ip                    | 10.0.3.01       | must be an IPv4 address like 10.0.3.1, not '10.0.3.01'
                    bridge-ip                    | ::1             | must be an IPv4 address like 10.0.3.1, not '::1'
                    bridge-netmask               | 24              | must be an IPv4 address like 10.0.3.1, not '24'
                    bridge-netmask-bitlength     | 0               | must be a number from 1 to 31, not '0'
                    bridge-netmask-bitlength     | 32              | must be a number from 1 to 31, not '32'
                    name-refresh-interval        | 0               | must be a number from 1 to 86400, not '0'
                    name-keep-time               | -1              | must be a number from 0 to 86400, not '-1'
                    bridge-netaddr               | x               | must be an IPv4 address like 10.0.3.1, not 'x'
                    """)
    void refusesABadValueAndSaysWhere(String key, String value, String reason) throws IOException {
        Path file = file("[SoftwareContainer]\n" + key + "=" + value + "\n");

        assertThat(refuse("-c", "config"))
                .isEqualTo("softwarecontainer-agent: " + file + ":2: '" + key + "' " + reason + "\n");
    }

    @Test
    void refusesLegacyConfinementTogetherWithPiecesOfTheOther() throws IOException {
        Path file = file("[SoftwareContainer]\nconfinement=legacy\nrequire-confinement=all\n");

        assertThat(refuse("-c", "config"))
                .isEqualTo("softwarecontainer-agent: " + file + ":2: 'confinement' is legacy, but 'require-confinement'"
                        + " requires userns, idmap, seccomp, apparmor, pids\n");
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
    void refusesANetmaskThatContradictsItsLength() throws IOException {
        Path file = file("[SoftwareContainer]\nbridge-netmask-bitlength=25\n");

        assertThat(refuse("-c", "config"))
                .isEqualTo("softwarecontainer-agent: " + file + ":2: 'bridge-netmask' is 255.255.255.0, but"
                        + " 'bridge-netmask-bitlength' is 25, which is 255.255.255.128\n");
    }

    @Test
    void refusesABridgeOutsideItsNetwork() throws IOException {
        Path file = file("[SoftwareContainer]\n\nbridge-ip=10.0.4.1\n");

        assertThat(refuse("-c", "config"))
                .isEqualTo("softwarecontainer-agent: " + file
                        + ":3: 'bridge-ip' 10.0.4.1 is not in the network 'bridge-netaddr' 10.0.3.0/24\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "-m", "-d"})
    void refusesAnEmptyPathOnTheCommandLine(String option) {
        assertThat(refuse(option, "")).contains("must be a path, not").contains("Try 'softwarecontainer-agent --help'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "-m", "-d"})
    void refusesAPathThatIsNone(String option) {
        assertThat(refuse(option, "a\0b")).contains("must be a path, not 'a\\u0000b'");
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

    @Test
    void doesNotEchoMuchOfAHugeArgument() {
        assertThat(refuse("x".repeat(1_000_000))).hasSizeLessThan(300);
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

    private String refuse(String... arguments) {
        Startup startup = read(arguments);
        assertThat(startup).isInstanceOf(Startup.Refuse.class);
        return ((Startup.Refuse) startup).text();
    }

    @ParameterizedTest
    @CsvSource({"adopt, , KEEP", "destroy, , DESTROY", "adopt, destroy, DESTROY", "destroy, keep, KEEP"})
    void stopsAsItRecoversUnlessItIsToldOtherwise(String recovery, String onStop, OnStop expected) throws IOException {
        String line = onStop == null ? "" : "on-stop=" + onStop + "\n";
        Path file = Files.writeString(
                directory.resolve("stop.conf"), "[SoftwareContainer]\nrecovery=" + recovery + "\n" + line);

        assertThat(run("-c", file.toString()).config().onStop()).isEqualTo(expected);
    }
}
