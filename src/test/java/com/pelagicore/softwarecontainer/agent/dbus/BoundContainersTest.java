package com.pelagicore.softwarecontainer.agent.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.container.Container;
import com.pelagicore.softwarecontainer.container.Containers;
import com.pelagicore.softwarecontainer.container.ModelHost;
import com.pelagicore.softwarecontainer.container.RecordingListener;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundContainersTest {

    private static final String CALLER = ":1.7";
    private static final String OTHER = ":1.8";
    private static final ContainerOptions OPTIONS = new ContainerOptions(false, OptionalLong.empty());

    private final Set<String> gone = new HashSet<>();
    private Containers containers;
    private BoundContainers bound;

    @BeforeEach
    void serve(@TempDir Path directory) {
        containers = new Containers(new ModelHost(directory).containerHost(), new RecordingListener());
        bound = new BoundContainers(
                containers, name -> CompletableFuture.completedFuture(!gone.contains(name)), Runnable::run);
    }

    @Test
    void destroysAContainerWithTheConnectionOfItsCaller() {
        Container container = containers.create(OPTIONS);
        bound.bind(container, CALLER);

        bound.ended(OTHER);
        assertThat(containers.find(container.id())).isPresent();
        bound.ended(CALLER);
        assertThat(containers.find(container.id())).isEmpty();
    }

    @Test
    void destroysItAtOnceIfTheCallerHasGoneMeanwhile() {
        Container container = containers.create(OPTIONS);
        gone.add(CALLER);

        bound.bind(container, CALLER);

        assertThat(containers.find(container.id())).isEmpty();
    }

    @Test
    void leavesAContainerAloneThatGotTheIdOfABoundOne() {
        Container ended = containers.create(OPTIONS);
        containers.destroy(ended);
        Container next = containers.create(OPTIONS);
        assertThat(next.id()).isEqualTo(ended.id());
        bound.bind(next, OTHER);

        bound.bind(ended, CALLER);
        bound.ended(CALLER);

        assertThat(containers.find(next.id())).contains(next);
        bound.ended(OTHER);
        assertThat(containers.find(next.id())).isEmpty();
    }
}
