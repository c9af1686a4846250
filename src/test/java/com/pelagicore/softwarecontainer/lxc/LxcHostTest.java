package com.pelagicore.softwarecontainer.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LxcHostTest {

    @Test
    void givesAContainerAShareOfTheLimitsOfThisHost() throws IOException {
        LxcHost host = LxcHost.read(new TreeMap<>(), Optional.empty());

        for (String name : new String[] {"max_inotify_instances", "max_inotify_watches"}) {
            assertThat(host.limits()).containsEntry(name, limit(name) / 4);
        }
        assertThat(host.limits()).containsEntry("max_user_namespaces", 0L);
    }

    /** By another program: what a library makes of these files is the question. */
    private static long limit(String name) throws IOException {
        Process cat = new ProcessBuilder("cat", Path.of("/proc/sys/user", name).toString()).start();
        return Long.parseLong(new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
