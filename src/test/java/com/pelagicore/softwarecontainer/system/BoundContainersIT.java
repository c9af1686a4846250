package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.WireWriter.Variant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Containers that end with the connection that created them, option BoundToCaller of Create (docs/adr/0028). */
@SystemTest
final class BoundContainersIT {

    private static final Map<String, Variant> BOUND = Map.of("BoundToCaller", new Variant("b", true));

    @Test
    void destroysABoundContainerWhenItsCreatorLeavesTheBus(LiveAgent agent, NewerClient client) {
        String kept = client.create();
        String stays = client.create(BOUND);
        String goes;
        long pid;
        try (NewerClient other = new NewerClient(agent)) {
            goes = other.create(BOUND);
            pid = other.execute(goes, "/bin/sleep", "1000");
        }

        client.await(NewerClient.PATH, "InterfacesRemoved", body -> body.get(0).equals(goes));

        new HostProcess(pid).awaitEnd();
        assertThat(client.objects().keySet()).isEqualTo(Set.of(kept, stays));
        client.destroy(stays);
    }

    @Test
    void doesNotLetABoundContainerOutliveTheAgent(LiveAgent agent, NewerClient client) {
        String kept = client.create();
        client.create(BOUND);

        agent.crash();
        agent.restart(Recovery.ADOPT);

        assertThat(client.objects().keySet()).isEqualTo(Set.of(kept));
        HostProcess init = new HostProcess((Long) client.property(client.create(BOUND), "InitPid"));
        assertThat(agent.stop()).isZero();
        assertThat(init.isAlive()).isFalse();
        agent.restart(Recovery.ADOPT);
        assertThat(client.objects().keySet()).isEqualTo(Set.of(kept));
        client.destroy(kept);
        agent.stop();
    }
}
