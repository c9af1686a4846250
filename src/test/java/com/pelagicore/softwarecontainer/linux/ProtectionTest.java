package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProtectionTest {

    /** Should a mount that covers something be missing, the profile stands behind it. */
    @Test
    void theProfileForAppArmorDeniesTheSame() throws IOException {
        String profile = Files.readString(Path.of("conf/apparmor/lxc-softwarecontainer"));

        assertThat(Protection.READ_ONLY).allSatisfy(path -> assertThat(profile).containsAnyOf(rules(path, "wkl")));
        assertThat(Stream.concat(Protection.SECRET_FILES.stream(), Protection.SECRET_DIRECTORIES.stream()))
                .allSatisfy(path -> assertThat(profile).containsAnyOf(rules(path, "rwkl")));
    }

    /** For a file, and for what is below a directory. */
    private static String[] rules(Path path, String access) {
        String place = path.toString().replaceFirst("^/proc/", "@{PROC}/");
        return new String[] {"  deny " + place + " " + access + ",\n", "  deny " + place + "/** " + access + ",\n"};
    }
}
