package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.config.ContainerOptionsParser;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.process.CommandLine;
import com.pelagicore.softwarecontainer.process.OutputTarget;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The agent for one caller, over a catalogue of capabilities and a registry of containers. */
final class ContainerAgent implements Agent {

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
    public long execute(
            int id, String commandLine, String workingDirectory, String outputFile, Map<String, String> environment) {
        Container container = permit.container(id);
        List<String> arguments = CommandLine.split(commandLine);
        String directory = workingDirectory.isEmpty()
                ? "/"
                : Arguments.absolutePath("working directory", workingDirectory).toString();
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
        Container container = permit.container(id);
        BindMount mount = Arguments.bindMount(pathInHost, pathInContainer, readOnly);
        permit.limit(mount)
                .ifPresentOrElse(
                        directory -> container.bindMountWithin(directory, mount), () -> container.bindMount(mount));
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
