package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PackageIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void hasWhatBelongsToTheAgent(String name) {
        Map<String, String> content = DebianPackage.built(name).content();

        assertThat(content)
                .containsEntry("/usr/bin/softwarecontainer-agent", "-rwxr-xr-x root/root")
                .containsEntry("/usr/bin/softwarecontainer", "-rwxr-xr-x root/root")
                .containsEntry("/usr/lib/softwarecontainer/hold-containers", "-rwxr-xr-x root/root")
                .containsEntry("/etc/softwarecontainer/softwarecontainer-config", "-rw-r--r-- root/root")
                .containsEntry("/etc/softwarecontainer/service-manifest.d/", "drwxr-xr-x root/root")
                .containsEntry("/usr/lib/softwarecontainer/gateways/", "drwxr-xr-x root/root")
                .containsKeys(
                        "/etc/softwarecontainer/service-manifest.default.d/",
                        "/usr/lib/softwarecontainer/softwarecontainer-agent.jar",
                        "/usr/lib/softwarecontainer/softwarecontainer-agent.classlist",
                        "/usr/share/bash-completion/completions/softwarecontainer-agent",
                        "/usr/share/bash-completion/completions/softwarecontainer",
                        "/usr/share/zsh/vendor-completions/_softwarecontainer-agent",
                        "/usr/share/zsh/vendor-completions/_softwarecontainer",
                        "/usr/share/dbus-1/interfaces/com.pelagicore.SoftwareContainerAgent.xml",
                        "/usr/share/dbus-1/system-services/com.pelagicore.SoftwareContainerAgent.service",
                        "/usr/share/dbus-1/system.d/softwarecontainer-agent.conf",
                        "/usr/share/polkit-1/actions/com.pelagicore.SoftwareContainer.policy",
                        "/usr/lib/tmpfiles.d/" + name + ".conf",
                        "/usr/lib/sysusers.d/" + name + ".conf",
                        "/usr/share/doc/" + name + "/copyright",
                        "/usr/share/doc/" + name + "/changelog.gz",
                        "/usr/share/doc/" + name + "/gateways/README.md",
                        "/usr/share/doc/" + name + "/examples/service-manifest.d/com.pelagicore.example.hello.json");
        assertThat(content.keySet()).anyMatch(path -> path.endsWith("/systemd/system/softwarecontainer-agent.service"));
        assertThat(content.keySet())
                .anyMatch(path -> path.endsWith("/systemd/system/softwarecontainer-containers.service"));
        assertThat(content.keySet()).anyMatch(path -> path.endsWith("/libjnidispatch.so"));
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void hasEveryManPageAndInterface(String name) throws IOException {
        Set<String> content = DebianPackage.built(name).content().keySet();

        for (String page : names(Path.of("docs/man"))) {
            String section = page.substring(page.length() - 1);
            assertThat(content).contains("/usr/share/man/man" + section + "/" + page + ".gz");
        }
        for (String xml : names(Path.of("dbus-interfaces"))) {
            assertThat(content).contains("/usr/share/dbus-1/interfaces/" + xml);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void belongsToRootWholly(String name) {
        assertThat(DebianPackage.built(name).content())
                .allSatisfy((path, permissions) ->
                        assertThat(permissions).as(path).matches("(l.........|[-d].{4}[-]..[-].) root/root"));
    }

    @Test
    void theFlavoursDifferInTheRuntimeOnly() {
        Set<String> shared = DebianPackage.built(DebianPackage.SHARED).content().keySet();
        Set<String> standalone = new TreeSet<>();
        for (String path :
                DebianPackage.built(DebianPackage.STANDALONE).content().keySet()) {
            standalone.add(path.replace(DebianPackage.STANDALONE, DebianPackage.SHARED));
        }

        assertThat(standalone).containsAll(shared);
        standalone.removeAll(shared);
        assertThat(standalone)
                .contains("/usr/lib/softwarecontainer/runtime/bin/java")
                .allMatch(path -> path.startsWith("/usr/lib/softwarecontainer/runtime/"));
    }

    @Test
    void dependsOnWhatTheAgentRuns() {
        DebianPackage shared = DebianPackage.built(DebianPackage.SHARED);
        DebianPackage standalone = DebianPackage.built(DebianPackage.STANDALONE);

        assertThat(shared.related("Depends"))
                .contains("lxc", "busybox-static", "nftables", "default-dbus-system-bus", "default-jre-headless");
        assertThat(shared.field("Depends")).contains("java17-runtime-headless");
        assertThat(standalone.related("Depends"))
                .contains("lxc", "busybox-static", "nftables", "default-dbus-system-bus", "libstdc++6");
        assertThat(standalone.field("Depends")).doesNotContain("jre", "java");
        assertThat(standalone.field("Built-Using")).matches("(openjdk-.* \\(= .*\\))?");
    }

    @Test
    void oneFlavourTakesThePlaceOfTheOther() {
        assertThat(DebianPackage.built(DebianPackage.SHARED).related("Conflicts"))
                .containsExactly(DebianPackage.STANDALONE);
        assertThat(DebianPackage.built(DebianPackage.STANDALONE).related("Conflicts"))
                .containsExactly(DebianPackage.SHARED);
        assertThat(DebianPackage.built(DebianPackage.STANDALONE).related("Provides"))
                .containsExactly(DebianPackage.SHARED);
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void hasTwoFilesThatAreTheAdministrators(String name) throws IOException {
        assertThat(DebianPackage.built(name).control(directory, "conffiles"))
                .isEqualTo("/etc/apparmor.d/lxc-softwarecontainer\n/etc/softwarecontainer/softwarecontainer-config\n");
    }

    /** As Debian's Policy wants it; a dot of a version sorts before the end, a tilde before anything. */
    @Test
    void hasTheVersionOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.replaceFirst("(?s).*?<artifactId>softwarecontainer-agent</artifactId>\\s*<version>", "")
                .replaceFirst("(?s)<.*", "");

        assertThat(DebianPackage.built(DebianPackage.SHARED).field("Version"))
                .isEqualTo(version.replace("-SNAPSHOT", "~snapshot"));
    }

    @ParameterizedTest
    @ValueSource(strings = {DebianPackage.SHARED, DebianPackage.STANDALONE})
    void lintianFindsNothing(String name) {
        Run lintian = Run.of(
                Duration.ofMinutes(5),
                List.of(
                        "lintian",
                        "--allow-root",
                        "--no-cfg",
                        "--fail-on",
                        "error,warning",
                        DebianPackage.built(name).file().toString()));

        assertThat(lintian.output()).isEmpty();
        assertThat(lintian.status()).isZero();
    }

    @Test
    void theBillOfMaterialsHasEveryLibraryWithItsChecksum() throws Exception {
        DebianPackage shared = DebianPackage.built(DebianPackage.SHARED);
        Run.successfully("dpkg-deb", "-x", shared.file().toString(), directory.toString());
        Map<String, String> listed = new HashMap<>();
        JsonNode sbom = JsonMapper.shared().readTree(Files.readAllBytes(DebianPackage.sbom()));
        for (JsonNode component : sbom.get("components")) {
            String jar = component.get("name").asString() + "-"
                    + component.get("version").asString() + ".jar";
            for (JsonNode hash : component.get("hashes")) {
                if (hash.get("alg").asString().equals("SHA-256")) {
                    listed.put(jar, hash.get("content").asString());
                }
            }
        }

        assertThat(sbom.get("bomFormat").asString()).isEqualTo("CycloneDX");
        Map<String, String> shipped = new HashMap<>();
        Path libraries = directory.resolve("usr/lib/softwarecontainer/lib");
        for (String jar : names(libraries)) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(libraries.resolve(jar)));
            shipped.put(jar, HexFormat.of().formatHex(digest));
        }
        assertThat(shipped).isNotEmpty().isEqualTo(listed);
        assertThat(directory.resolve("usr/share/doc/softwarecontainer/softwarecontainer.cdx.json"))
                .hasSameBinaryContentAs(DebianPackage.sbom());
    }

    private static Set<String> names(Path files) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(files)) {
            found.forEach(each -> names.add(each.getFileName().toString()));
        }
        return names;
    }
}
