package com.pelagicore.softwarecontainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stops the start, and how that is told. */
class StartupRefusalsTest {

    @TempDir
    Path directory;

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
    void doesNotEchoMuchOfAHugeArgument() {
        assertThat(refuse("x".repeat(1_000_000))).hasSizeLessThan(300);
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

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("config"), text);
    }

    private String refuse(String... arguments) {
        Startup startup =
                new StartupReader(directory, directory.resolve("no-such-default"), "1.2.3").read(List.of(arguments));
        assertThat(startup).isInstanceOf(Startup.Refuse.class);
        return ((Startup.Refuse) startup).text();
    }
}
