package com.pelagicore.softwarecontainer.agent;

import com.pelagicore.softwarecontainer.capability.Catalogue;
import com.pelagicore.softwarecontainer.config.ContainerOptionsParser;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.ContainerId;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import com.pelagicore.softwarecontainer.gateway.GatewayCompiler;
import com.pelagicore.softwarecontainer.process.CommandLine;
import com.pelagicore.softwarecontainer.spec.ContainerSpec;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The agent for one caller, over a catalogue of capabilities and a registry of containers. */
public final class ContainerAgent implements Agent {

    private final Containers containers;
    private final Catalogue catalogue;
    private final GatewayCompiler gateways;
    private final Caller caller;

    public ContainerAgent(Containers containers, Catalogue catalogue, GatewayCompiler gateways, Caller caller) {
        this.containers = containers;
        this.catalogue = catalogue;
        this.gateways = gateways;
        this.caller = caller;
    }

    @Override
    public List<ContainerId> list() {
        return containers.ids();
    }

    @Override
    public List<String> capabilities() {
        return catalogue.names();
    }

    @Override
    public ContainerId create(String config) {
        return containers
                .create(ContainerOptionsParser.parse(config), caller.owner())
                .id();
    }

    @Override
    public long execute(
            int id, String commandLine, String workingDirectory, String outputFile, Map<String, String> environment) {
        Container container = containers.get(id);
        List<String> arguments = CommandLine.split(commandLine);
        String directory = workingDirectory.isEmpty()
                ? "/"
                : Arguments.absolutePath("working directory", workingDirectory).toString();
        Optional<Path> output = outputFile.isEmpty()
                ? Optional.empty()
                : Optional.of(Arguments.absolutePath("output file", outputFile));
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
        containers.get(id).suspend();
    }

    @Override
    public void resume(int id) {
        containers.get(id).resume();
    }

    @Override
    public void destroy(int id) {
        containers.destroy(containers.get(id));
    }

    @Override
    public void bindMount(int id, String pathInHost, String pathInContainer, boolean readOnly) {
        containers.get(id).bindMount(Arguments.bindMount(pathInHost, pathInContainer, readOnly));
    }

    @Override
    public void setCapabilities(int id, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        compile(names);
        Container container = containers.get(id);
        naming(quoted(names), () -> container.grant(new LinkedHashSet<>(names), this::compile));
    }

    private static String quoted(List<String> names) {
        String all = names.stream().distinct().map(Quoted::text).collect(Collectors.joining(", "));
        return (names.size() == 1 ? "capability " : "capabilities ") + all;
    }
}
