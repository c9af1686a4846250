package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.agent.Agent;
import com.pelagicore.softwarecontainer.agent.MountRequest;
import com.pelagicore.softwarecontainer.agent.Program;
import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.TerminalProcess;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Writes down what it is asked for; container 7 exists. */
class FakeAgent implements Agent {

    static final int CONTAINER = 7;

    /** What stop waits for. */
    final CompletableFuture<Void> stop = new CompletableFuture<>();

    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Override
    public void requireLook() {}

    @Override
    public List<ContainerId> list() {
        return List.of(new ContainerId(3), new ContainerId(CONTAINER));
    }

    @Override
    public List<String> capabilities() {
        return List.of("com.example.A", "com.example.Ä b");
    }

    @Override
    public ContainerId create(String config) {
        if (config.isEmpty()) {
            throw new SoftwareContainerException(
                    ErrorKind.INVALID_ARGUMENT, "Empty JSON config strings are not supported.");
        }
        calls.add("create " + config.length());
        return new ContainerId(CONTAINER);
    }

    @Override
    public long execute(
            int id, String commandLine, String workingDirectory, String outputFile, Map<String, String> environment) {
        require(id);
        calls.add(String.join("|", "execute " + id, commandLine, workingDirectory, outputFile, environment.toString()));
        return 4711;
    }

    @Override
    public Container create(ContainerOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long execute(int id, Program program, StandardStreams.Given streams) {
        require(id);
        calls.add("execute " + program + " " + streams);
        return 4711;
    }

    @Override
    public TerminalProcess executeInTerminal(int id, Program program, TerminalSize size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void signal(int id, long process, Recipients recipients, int signal) {
        require(id);
        calls.add("signal " + signal + " to " + recipients + " " + process);
    }

    @Override
    public CompletableFuture<Void> stop(int id, long process, Duration grace) {
        require(id);
        calls.add("stop " + process + " within " + grace);
        return stop;
    }

    @Override
    public void mount(int id, List<MountRequest> mounts) {
        require(id);
        calls.add("mount " + mounts);
    }

    @Override
    public void grant(int id, List<String> names) {
        require(id);
        calls.add("grant " + names);
    }

    @Override
    public void suspend(int id) {
        require(id);
        calls.add("suspend " + id);
    }

    @Override
    public void resume(int id) {
        require(id);
        calls.add("resume " + id);
    }

    @Override
    public void destroy(int id) {
        require(id);
        calls.add("destroy " + id);
    }

    @Override
    public void bindMount(int id, String pathInHost, String pathInContainer, boolean readOnly) {
        require(id);
        calls.add(String.join("|", "bindMount " + id, pathInHost, pathInContainer, String.valueOf(readOnly)));
    }

    @Override
    public void setCapabilities(int id, List<String> names) {
        require(id);
        calls.add("setCapabilities " + id + names);
    }

    private static void require(int id) {
        if (id != CONTAINER) {
            throw new SoftwareContainerException(ErrorKind.NOT_FOUND, "Invalid Container ID: " + id + ".");
        }
    }
}
