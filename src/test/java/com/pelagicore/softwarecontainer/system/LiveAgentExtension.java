package com.pelagicore.softwarecontainer.system;

import com.pelagicore.softwarecontainer.config.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** See {@link SystemTest}. */
final class LiveAgentExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    private HostSnapshot beforeAll;
    private HostSnapshot beforeEach;
    private LiveAgent agent;
    private AgentClient client;
    /** Connected for tests that want one. */
    private Optional<NewerClient> newerClient = Optional.empty();

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (!System.getProperty("user.name").equals("root")) {
            throw new IllegalStateException("system tests need root: they make containers and mounts");
        }
        beforeAll = HostSnapshot.take();
        // sockets are in there, whose paths are short; the tests' own temporary directory may be anywhere
        agent = new LiveAgent(Files.createTempDirectory(Path.of("/tmp"), "softwarecontainer-it-"));
        agent.start();
        buildTheTemplate();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!agent.isRunning()) {
            agent.restart(Recovery.DESTROY);
        }
        client = agent.connect();
        beforeEach = HostSnapshot.take(agent.directory());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            if (!agent.isRunning()) {
                agent.restart(Recovery.DESTROY);
            }
            try (AgentClient last = agent.connect()) {
                last.list().forEach(last::destroy);
            }
        } finally {
            client.close();
            newerClient.ifPresent(NewerClient::close);
            newerClient = Optional.empty();
            deleteOutputs();
        }
        if (context.getExecutionException().isPresent()) {
            System.out.println(context.getDisplayName() + " failed; the agent's log:\n" + agent.log());
        }
        beforeEach.assertRestored();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (agent == null) {
            return;
        }
        agent.close();
        beforeAll.assertRestored();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return Set.of(LiveAgent.class, AgentClient.class, NewerClient.class).contains(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == NewerClient.class) {
            return newerClient.orElseGet(this::connectNewer);
        }
        return type == LiveAgent.class ? agent : client;
    }

    private NewerClient connectNewer() {
        NewerClient connected = new NewerClient(agent);
        newerClient = Optional.of(connected);
        return connected;
    }

    /** What the first container leaves behind for the others is no change of a test. */
    private void buildTheTemplate() {
        try (AgentClient first = agent.connect()) {
            first.destroy(first.create());
        }
    }

    private void deleteOutputs() throws IOException {
        Trees.delete(agent.directory().resolve("outputs"));
        Files.createDirectory(agent.directory().resolve("outputs"));
    }
}
