package com.pelagicore.softwarecontainer.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/** A fresh Debian with a system bus, and without systemd, in a docker container; it is thrown away at the end. */
final class CleanMachine implements AutoCloseable {

    private static final String IMAGE = "softwarecontainer-clean-machine:test";
    private static final String INIT = "/usr/local/sbin/clean-machine-init";

    private final GenericContainer<?> machine;

    private CleanMachine(GenericContainer<?> machine) {
        this.machine = machine;
    }

    /** What machines start as. */
    static void image(Path tarball) {
        List<String> command = List.of(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                "zstd -dc \"$0\" | docker --host \"$1\" import - \"$2\"",
                tarball.toString(),
                DockerDaemon.address().toString(),
                IMAGE);
        Run.of(Duration.ofMinutes(5), command).orFail(command);
    }

    /** @param packages are found in /var/tmp, by the names that their files have */
    @SuppressWarnings("resource") // it is handed on
    static CleanMachine start(DebianPackage... packages) {
        GenericContainer<?> machine = new GenericContainer<>(IMAGE)
                .withImagePullPolicy(image -> false)
                .withCopyFileToContainer(MountableFile.forHostPath("src/test/docker/init", 0755), INIT)
                .withCreateContainerCmdModifier(CleanMachine::letLxcWork)
                .waitingFor(Wait.forLogMessage("unix:path=.*", 1));
        for (DebianPackage each : packages) {
            machine.withCopyFileToContainer(MountableFile.forHostPath(each.file()), inMachine(each));
        }
        machine.start();
        return new CleanMachine(machine);
    }

    /** Instead of --privileged, which docker cannot give where root itself lacks a capability, as on some CI machines. */
    private static void letLxcWork(CreateContainerCmd command) {
        HostConfig config = command.getHostConfig();
        assertThat(config).isNotNull();
        // whose PID 1 waits for everybody, as that of a machine does
        config.withInit(true)
                .withNetworkMode("none")
                .withCapAdd(Capability.SYS_ADMIN, Capability.NET_ADMIN, Capability.SYS_PTRACE)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
                .withCgroupnsMode("private")
                .withDeviceCgroupRules(List.of("c *:* rwm", "b *:* rwm"))
                .withTmpFs(Map.of("/run", "exec"));
        // an overlay, as docker's root is one, cannot be the upper layer of another
        command.withEntrypoint(INIT).withVolumes(new Volume("/var/lib/softwarecontainer"));
    }

    private static String inMachine(DebianPackage debianPackage) {
        return "/var/tmp/" + debianPackage.file().getFileName();
    }

    String install(DebianPackage debianPackage) {
        return run("apt-get", "-y", "install", inMachine(debianPackage));
    }

    /** What a program prints that has to succeed. */
    String run(String... command) {
        return attempt(command).orFail(List.of(command));
    }

    String shell(String script) {
        return run("sh", "-euc", script);
    }

    Run attempt(String... command) {
        try {
            ExecResult result = machine.execInContainer(command);
            return new Run(result.getExitCode(), result.getStdout() + result.getStderr());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of its bus, and of what that has started. */
    String log() {
        return machine.getLogs();
    }

    @Override
    public void close() {
        machine.stop();
    }
}
