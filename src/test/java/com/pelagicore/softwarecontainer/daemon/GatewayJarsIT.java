package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root: only its files are loaded. */
class GatewayJarsIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void letOnlyTheOwnerWrite() throws IOException {
        permit(directory, "rwxr-xr-x");
    }

    @Test
    void findsWhatIsInTheJarsOfTheDirectory() throws IOException {
        jar("b.jar", "greeting", "from b");
        jar("a.jar", "greeting", "from a");
        jar("c.txt", "other", "no jar");

        ClassLoader loader = GatewayJars.in(directory);

        assertThat(loader.getResourceAsStream("greeting")).hasContent("from a");
        assertThat(loader.getResource("other")).isNull();
    }

    @Test
    void findsTheAgentsOwnClassesWithoutADirectory() {
        assertThat(GatewayJars.in(directory.resolve("missing"))).isSameAs(GatewayJars.class.getClassLoader());
    }

    @Test
    void refusesADirectoryThatOthersMayWrite() throws IOException {
        permit(directory, "rwxrwxrwx");

        assertThatThrownBy(() -> GatewayJars.in(directory))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("'" + directory + "' must belong to root");
    }

    @Test
    void refusesAJarOfSomebodyElse() throws IOException {
        Path jar = jar("a.jar", "greeting", "from a");
        Files.setAttribute(jar, "unix:uid", 65534);

        assertThatThrownBy(() -> GatewayJars.in(directory))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("'" + jar + "' must belong to root");
    }

    private Path jar(String name, String entry, String content) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new ZipEntry(entry));
            jar.write(content.getBytes(StandardCharsets.UTF_8));
        }
        permit(file, "rw-r--r--");
        return file;
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
