package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageInstallIT {

    private static final String ARCHIVE = "/var/cache/softwarecontainer/softwarecontainer-agent.jsa";
    private static final String CONFIG = "/etc/softwarecontainer/softwarecontainer-config";
    private static final String ENABLED = "/etc/systemd/system/multi-user.target.wants/softwarecontainer-agent.service";

    @TempDir
    Path directory;

    private DebianPackage shared;
    private DebianPackage standalone;
    private DebianRoot debian;

    @BeforeEach
    void open() {
        shared = DebianPackage.built(DebianPackage.SHARED);
        standalone = DebianPackage.built(DebianPackage.STANDALONE);
        debian = DebianRoot.forPackages(shared, standalone);
    }

    @AfterEach
    void close() {
        if (debian != null) {
            debian.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void isComplete(String name) throws IOException {
        debian.install(DebianPackage.built(name));

        assertThat(debian.status(name)).isEqualTo("installed");
        assertThat(debian.read("/etc/group")).containsPattern("(?m)^softwarecontainer:");
        // with the archive or not at all
        assertThat(debian.run("env", "SOFTWARECONTAINER_JVM_OPTS=-Xshare:on", "softwarecontainer-agent", "--version"))
                .startsWith("softwarecontainer-agent ");
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void completesCommandLines(String name) throws IOException {
        debian.install(DebianPackage.built(name));

        for (String command : List.of("softwarecontainer", "softwarecontainer-agent")) {
            debian.run(
                    "bash", "-c", ". /usr/share/bash-completion/completions/" + command + " && complete -p " + command);
        }
    }

    @Test
    void reservesIdsForContainers() throws IOException {
        debian.install(shared);

        assertThat(debian.read("/etc/subuid")).containsOnlyOnce("root:1342177280:67108864\n");
        assertThat(debian.read("/etc/subgid")).containsOnlyOnce("root:1342177280:67108864\n");
    }

    @Test
    void leavesIdsAloneThatTheAdministratorHasGiven() throws IOException {
        Files.writeString(debian.path("/etc/subuid"), "softwarecontainer:500000:65536\n");
        Files.writeString(debian.path("/etc/subgid"), "softwarecontainer:500000:65536\n");

        debian.install(shared);
        debian.run("dpkg", "-P", DebianPackage.SHARED);

        assertThat(debian.read("/etc/subuid")).isEqualTo("softwarecontainer:500000:65536\n");
        assertThat(debian.read("/etc/subgid")).isEqualTo("softwarecontainer:500000:65536\n");
    }

    @Test
    void theStandaloneFlavourNeedsNoJava() throws IOException {
        debian.install(standalone);
        debian.run("sh", "-c", "rm -r /usr/lib/jvm /usr/bin/java");

        assertThat(debian.run("softwarecontainer-agent", "--version")).startsWith("softwarecontainer-agent ");
    }

    @Test
    void anUpgradeKeepsTheAdministratorsConfigurationAndTheState() throws IOException {
        debian.install(shared.withVersion("0.9", directory));
        Files.writeString(debian.path(CONFIG), "# mine\n", StandardOpenOption.APPEND);
        Path journal = Files.createDirectories(debian.path("/var/lib/softwarecontainer/containers"))
                .resolve("SC-1");
        Files.writeString(journal, "kept");
        Files.delete(debian.path(ARCHIVE));

        debian.install(shared);

        assertThat(debian.run("dpkg-query", "-W", "-f", "${Version}", DebianPackage.SHARED))
                .isEqualTo(shared.field("Version"));
        assertThat(debian.read(CONFIG)).endsWith("# mine\n");
        assertThat(journal).hasContent("kept");
        assertThat(debian.has(ARCHIVE)).isTrue();
    }

    @Test
    void aRemovedPackageKeepsConfigurationAndState() throws IOException {
        SortedSet<String> before = debian.files();
        debian.install(shared);

        debian.run("dpkg", "-r", DebianPackage.SHARED);

        SortedSet<String> left = debian.files();
        left.removeAll(before);
        assertThat(debian.status(DebianPackage.SHARED)).isEqualTo("config-files");
        assertThat(left)
                .contains("." + CONFIG, "./var/lib/softwarecontainer")
                .allMatch(path -> path.startsWith("./etc/") || path.startsWith("./var/lib/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void aPurgedPackageLeavesNothing(String name) throws IOException {
        SortedSet<String> before = debian.files();
        String groups = debian.read("/etc/group");
        String ids = debian.read("/etc/subuid") + debian.read("/etc/subgid");
        debian.install(DebianPackage.built(name));
        Files.writeString(debian.path("/var/lib/softwarecontainer/lock"), "");
        Files.createDirectories(debian.path("/run/softwarecontainer/SC-1"));

        debian.run("dpkg", "-P", name);

        assertThat(debian.files()).isEqualTo(before);
        assertThat(debian.has("/run/softwarecontainer")).isFalse();
        assertThat(debian.read("/etc/group")).isEqualTo(groups);
        assertThat(debian.read("/etc/subuid") + debian.read("/etc/subgid")).isEqualTo(ids);
    }

    @Test
    void aPurgeKeepsAGroupThatHasMembers() throws IOException {
        debian.install(shared);
        debian.run("usermod", "-a", "-G", "softwarecontainer", "nobody");

        debian.run("dpkg", "-P", DebianPackage.SHARED);

        assertThat(debian.read("/etc/group")).containsPattern("(?m)^softwarecontainer:.*:nobody$");
    }

    @Test
    void aPurgeKeepsAGroupThatIsSomebodysPrimaryOne() throws IOException {
        debian.install(shared);
        debian.run("usermod", "-g", "softwarecontainer", "nobody");

        debian.run("dpkg", "-P", DebianPackage.SHARED);

        assertThat(debian.read("/etc/group")).containsPattern("(?m)^softwarecontainer:");
    }

    @Test
    void aPurgeUnmountsWhatACrashLeft() throws IOException {
        debian.install(shared);
        for (String left : List.of("/run/softwarecontainer/SC-1/rootfs", "/var/lib/softwarecontainer/a b")) {
            Path point = Files.createDirectories(debian.path(left));
            Run.successfully("mount", "-t", "tmpfs", "left", point.toString());
            Path below = Files.createDirectory(point.resolve("below"));
            Run.successfully("mount", "--bind", debian.path("/etc").toString(), below.toString());
        }

        debian.run("dpkg", "-P", DebianPackage.SHARED);

        assertThat(debian.has("/run/softwarecontainer")).isFalse();
        assertThat(debian.has("/var/lib/softwarecontainer")).isFalse();
        assertThat(debian.has("/etc/passwd")).isTrue();
    }

    @Test
    void isNotRemovedWhenAContainerCannotBeDestroyed() throws IOException {
        debian.install(shared);
        hasAnAgentThat("case \"$*\" in *List) echo 'array [ int32 3'; echo 'int32 7 ]' ;; *Destroy*:7) exit 1 ;; esac");

        Run removal = debian.attempt("dpkg", "-r", DebianPackage.SHARED);

        assertThat(removal.status()).isNotZero();
        assertThat(removal.output()).contains("cannot be destroyed: 7.").contains("SOFTWARECONTAINER_ABANDON=yes");
        assertThat(debian.status(DebianPackage.SHARED)).isEqualTo("installed");
        assertThat(debian.read("/var/tmp/calls"))
                .contains("Destroy int32:3")
                .doesNotContain("GetConnectionUnixProcessID");
    }

    @Test
    void isNotRemovedWhenTheAgentOfContainersDoesNotStart() throws IOException {
        debian.install(shared);
        hasAnAgentThat("exit 1");

        Run removal = debian.attempt("dpkg", "-P", DebianPackage.SHARED);

        assertThat(removal.status()).isNotZero();
        assertThat(removal.output()).contains("cannot be asked for its containers");
        assertThat(debian.has("/var/lib/softwarecontainer/journals/SC-3")).isTrue();
    }

    @Test
    void isRemovedAllTheSameWhenContainersAreGivenUp() throws IOException {
        debian.install(shared);
        hasAnAgentThat("exit 1");

        debian.run("env", "SOFTWARECONTAINER_ABANDON=yes", "dpkg", "-r", DebianPackage.SHARED);

        assertThat(debian.status(DebianPackage.SHARED)).isEqualTo("config-files");
        assertThat(debian.has("/var/lib/softwarecontainer/journals/SC-3")).isTrue();
    }

    /** And that has a container. There is no bus in there: {@code script} answers instead. */
    private void hasAnAgentThat(String script) throws IOException {
        Path journals = Files.createDirectories(debian.path("/var/lib/softwarecontainer/journals"));
        Files.writeString(journals.resolve("SC-3"), "");
        Path bus = debian.path("/usr/local/bin/dbus-send");
        Files.writeString(bus, "#!/bin/sh\necho \"$@\" >>/var/tmp/calls\n" + script + "\n");
        assertThat(bus.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void theOtherFlavourTakesOverConfigurationAndState() throws IOException {
        debian.install(shared);
        Files.writeString(debian.path(CONFIG), "# mine\n", StandardOpenOption.APPEND);
        Files.writeString(debian.path("/var/lib/softwarecontainer/lock"), "");

        debian.install(standalone);
        debian.run("ln", "-s", "/lib/systemd/system/softwarecontainer-agent.service", ENABLED);
        debian.run("dpkg", "-P", DebianPackage.SHARED);

        assertThat(debian.status(DebianPackage.STANDALONE)).isEqualTo("installed");
        assertThat(Files.isSymbolicLink(debian.path(ENABLED))).isTrue();
        assertThat(debian.has("/etc/apparmor.d/local/lxc-softwarecontainer")).isTrue();
        assertThat(debian.read(CONFIG)).endsWith("# mine\n");
        assertThat(debian.has("/var/lib/softwarecontainer/lock")).isTrue();
        assertThat(debian.has(ARCHIVE)).isTrue();
        assertThat(debian.read("/etc/group")).containsPattern("(?m)^softwarecontainer:");
        assertThat(debian.run("softwarecontainer-agent", "--version")).startsWith("softwarecontainer-agent ");
    }

    @Test
    void anotherJavaGetsAnotherArchive() throws IOException {
        debian.install(shared);
        Files.delete(debian.path(ARCHIVE));

        debian.run("dpkg-trigger", "--by-package=default-jre-headless", "/usr/lib/jvm");
        debian.run("dpkg", "--triggers-only", DebianPackage.SHARED);

        assertThat(debian.has(ARCHIVE)).isTrue();
    }

    @Test
    void runsWithoutAnArchiveIfNoneCanBeMade() throws IOException {
        debian.run("sh", "-c", "mv /usr/lib/jvm /usr/lib/elsewhere");

        assertThat(debian.install(shared)).contains("make-class-archive: the agent will start more slowly");

        debian.run("sh", "-c", "mv /usr/lib/elsewhere /usr/lib/jvm");
        assertThat(debian.has(ARCHIVE)).isFalse();
        assertThat(debian.run("softwarecontainer-agent", "--version")).startsWith("softwarecontainer-agent ");
    }
}
