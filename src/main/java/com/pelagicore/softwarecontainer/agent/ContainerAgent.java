package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.config.ContainerOptionsParser;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.container.LimitedMount;
import com.pelagicore.softwarecontainer.container.TerminalProcess;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.process.CommandLine;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.process.Recipients;
import com.pelagicore.softwarecontainer.process.StandardStreams;
import com.pelagicore.softwarecontainer.process.TerminalSize;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The agent for one caller, over a catalogue of capabilities and a registry of containers. */
final class ContainerAgent implements Agent {

    /** In place of a pid: all processes of the container. */
    private static final long ALL = 0;

    private final Containers containers;
    private final Catalogue catalogue;
    private final GatewayCompiler gateways;
    private final Permit permit;

    ContainerAgent(Containers containers, Catalogue catalogue, GatewayCompiler gateways, Permit permit) {
        this.containers = containers;
        this.catalogue = catalogue;
        this.gateways = gateways;
        this.permit = permit;
    }

    @Override
    public void requireLook() {
        permit.require(Permission.LIST);
    }

    @Override
    public List<ContainerId> list() {
        permit.require(Permission.LIST);
        return containers.ids();
    }

    @Override
    public List<String> capabilities() {
        permit.require(Permission.LIST);
        return catalogue.names();
    }

    @Override
    public ContainerId create(String config) {
        permit.require(Permission.CREATE);
        ContainerOptions options = ContainerOptionsParser.parse(config);
        permit.requireModest(options);
        return containers.create(options, permit.owner()).id();
    }

    @Override
    public Container create(ContainerOptions options) {
        permit.require(Permission.CREATE);
        permit.requireModest(options);
        return containers.create(options, permit.owner());
    }

    @Override
    public long execute(int id, Program program, StandardStreams.Given streams) {
        Container container = readyFor(id, program);
        return container.execute(program.arguments(), program.environment(), directory(program), streams);
    }

    @Override
    public TerminalProcess executeInTerminal(int id, Program program, TerminalSize size) {
        Container container = readyFor(id, program);
        return container.executeInTerminal(program.arguments(), program.environment(), directory(program), size);
    }

    private Container readyFor(int id, Program program) {
        Container container = permit.container(id);
        Arguments.requireProgram(program.arguments());
        directory(program);
        if (container.grantedCapabilities().isEmpty()) {
            grantDefaults(container);
        }
        return container;
    }

    private static String directory(Program program) {
        return Arguments.workingDirectory(program.workingDirectory());
    }

    @Override
    public void signal(int id, long process, Recipients recipients, int signal) {
        Container container = permit.container(id);
        Arguments.requireSignal(signal);
        if (process == ALL) {
            container.signalAll(signal);
        } else {
            container.signal(process, recipients, signal);
        }
    }

    @Override
    public CompletableFuture<Void> stop(int id, long process, Duration grace) {
        Container container = permit.container(id);
        Arguments.requireGrace(grace);
        return process == ALL ? container.stopAll(grace) : container.stop(process, grace);
    }

    @Override
    public long execute(
            int id, String commandLine, String workingDirectory, String outputFile, Map<String, String> environment) {
        Container container = permit.container(id);
        List<String> arguments = CommandLine.split(commandLine);
        String directory = Arguments.workingDirectory(workingDirectory);
        Optional<OutputTarget> output = outputFile.isEmpty()
                ? Optional.empty()
                : Optional.of(new OutputTarget(Arguments.absolutePath("output file", outputFile), permit.user()));
        if (container.grantedCapabilities().isEmpty()) {
            grantDefaults(container);
        }
        return container.execute(arguments, environment, directory, output);
    }

    private void grantDefaults(Container container) {
        naming("default capabilities on container " + container.id(), () -> container.grant(Set.of(), this::compile));
    }

    /** What goes wrong on the host is not about an element of a manifest; so it does not name a capability itself. */
    private static void naming(String capabilities, Runnable grant) {
        try {
            grant.run();
        } catch (SoftwareContainerException e) {
            if (e.kind() == ErrorKind.WRONG_STATE) {
                throw e;
            }
            throw new SoftwareContainerException(e.kind(), "Could not set " + capabilities + ": " + e.getMessage(), e);
        }
    }

    private ContainerSpec compile(Collection<String> capabilities) {
        return gateways.compile(catalogue.configurationOf(capabilities));
    }

    @Override
    public void suspend(int id) {
        permit.container(id).suspend();
    }

    @Override
    public void resume(int id) {
        permit.container(id).resume();
    }

    @Override
    public void destroy(int id) {
        containers.destroy(permit.container(id));
    }

    @Override
    public void bindMount(int id, String pathInHost, String pathInContainer, boolean readOnly) {
        mount(id, List.of(new MountRequest(pathInHost, pathInContainer, readOnly)));
    }

    @Override
    public void mount(int id, List<MountRequest> mounts) {
        Container container = permit.container(id);
        container.bindMounts(mounts.stream()
                .map(mount -> Arguments.bindMount(mount.pathInHost(), mount.pathInContainer(), mount.readOnly()))
                .map(mount -> new LimitedMount(mount, permit.limit(mount)))
                .toList());
    }

    @Override
    public void grant(int id, List<String> names) {
        if (names.isEmpty()) {
            grantDefaults(permit.container(id));
        } else {
            setCapabilities(id, names);
        }
    }

    @Override
    public void setCapabilities(int id, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        permit.requireUse(id);
        compile(names);
        Container container = permit.container(id);
        naming(quoted(names), () -> container.grant(new LinkedHashSet<>(names), this::compile));
    }

    private static String quoted(List<String> names) {
        String all = names.stream().distinct().map(Quoted::text).collect(Collectors.joining(", "));
        return (names.size() == 1 ? "capability " : "capabilities ") + all;
    }
}
