package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.rootfs.Busybox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The busybox that is installed on the host. */
public final class HostBusybox implements Busybox {

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/busybox"), Path.of("/bin/busybox"), Path.of("/sbin/busybox"));

    private static final int DEADLINE_SECONDS = 10;

    @Override
    public Path program() {
        return PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> refused("busybox is not installed on the host: none of " + PLACES + " exists"));
    }

    @Override
    public List<String> applets() {
        Path program = program();
        try {
            Process list = new ProcessBuilder(program.toString(), "--list")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            list.getOutputStream().close();
            String output = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!list.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) || list.exitValue() != 0) {
                list.destroyForcibly();
                throw refused("'" + program + " --list' did not succeed");
            }
            return output.lines().filter(name -> !name.isBlank()).toList();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw refused("interrupted in '" + program + " --list'");
        }
    }

    private static SoftwareContainerException refused(String message) {
        return new SoftwareContainerException(ErrorKind.HOST_REFUSED, message);
    }
}
