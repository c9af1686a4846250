package com.pelagicore.softwarecontainer.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.container.ContainerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnouncerTest {

    @Test
    void tellsTheDoorOfEndedProcessesButNotOfDeadContainers() {
        List<String> heard = new ArrayList<>();
        Announcer announcer = new Announcer(
                (container, pid, status, done) -> heard.add(container + " " + pid + " " + status),
                changed -> {},
                container -> Map.of());

        announcer.processEnded(new ContainerId(7), 5000, 10752, () -> {});
        announcer.died(new ContainerId(7));

        assertThat(heard).containsExactly("SC-7 5000 10752");
    }

    @Test
    void forgetsTheLimitsOfAContainerThatIsGone() {
        List<Map<String, Long>> usages =
                new ArrayList<>(List.of(Map.of("MemoryKills", 2L), Map.of(), Map.of("MemoryKills", 2L)));
        Announcer announcer =
                new Announcer((container, pid, status, done) -> {}, changed -> {}, container -> usages.remove(0));

        announcer.processEnded(new ContainerId(7), 5000, 9, () -> {});
        announcer.changed(new ContainerId(7));
        announcer.changed(new ContainerId(7));

        assertThat(usages)
                .as("not asked about a container that it does not know")
                .hasSize(1);
    }
}
