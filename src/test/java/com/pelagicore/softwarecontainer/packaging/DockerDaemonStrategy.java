package com.pelagicore.softwarecontainer.packaging;

import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/** How Testcontainers finds {@link DockerDaemon}; named in META-INF/services. */
public final class DockerDaemonStrategy extends DockerClientProviderStrategy {

    @Override
    public String getDescription() {
        return "docker daemon of the tests' own";
    }

    @Override
    protected boolean isApplicable() {
        return DockerDaemon.isRunning();
    }

    /** Before all that Testcontainers knows by itself, DOCKER_HOST among them. */
    @Override
    protected int getPriority() {
        return 1000;
    }

    /** Nothing is written to ~/.testcontainers.properties. */
    @Override
    protected boolean isPersistable() {
        return false;
    }

    /** Where the tests run in a container themselves, docker's bridge would be asked, which this one has not. */
    @Override
    public synchronized String getDockerHostIpAddress() {
        return "localhost";
    }

    @Override
    public TransportConfig getTransportConfig() {
        return TransportConfig.builder().dockerHost(DockerDaemon.address()).build();
    }
}
