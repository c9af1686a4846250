package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** File systems of the host that containers with users of their own cannot be shown. */
@SystemTest
final class UserNamespaceMountsIT {

    @AfterEach
    void restore(LiveAgent agent) {
        agent.withoutConfiguration("require-confinement");
        restart(agent);
    }

    private static void restart(LiveAgent agent) {
        agent.stop();
        agent.restart(Recovery.DESTROY);
    }

    @Test
    void aFileSystemThatCannotBeMappedIsRefusedIfThatIsRequired(LiveAgent agent) {
        agent.configure("require-confinement", "userns;idmap");
        restart(agent);
        try (AgentClient strict = agent.connect()) {
            assertRefused(() -> strict.bindMount(strict.create(), Path.of("/proc/sys"), "/opt/sys", true))
                    .contains("'/proc/sys' cannot show its files to users of a container", "'require-confinement'");
        }

        agent.configure("require-confinement", "userns");
        restart(agent);

        try (AgentClient lenient = agent.connect()) {
            int id = lenient.create();
            lenient.bindMount(id, Path.of("/proc/sys"), "/opt/sys", true);
            assertThat(lenient.shell(id, "stat -c %u /opt/sys/kernel")).isEqualTo("65534");
        }
        assertThat(agent.log()).contains("mount of '/proc/sys'", "there they are nobody's");
    }

    @Test
    void saysThatSomethingIsMountedBelowWhatContainersSee(LiveAgent agent) {
        agent.configure("require-confinement", "userns");
        String mount = "mount -t tmpfs none /usr/local/share && exec \"$@\"";
        agent.stop();
        agent.runBy(List.of("/usr/bin/unshare", "--mount", "/bin/sh", "-c", mount, "sh"));
        LiveAgent.Ended ended = agent.startAndAwaitEnd();
        agent.runBy(List.of());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("'/usr/local/share' is mounted below '/usr'");
    }

    @Test
    void saysWhatWasMountedThereSinceTheStart(LiveAgent agent) {
        agent.runBy(List.of("/usr/bin/unshare", "--mount"));
        restart(agent);
        agent.runBy(List.of());

        try (AgentClient again = agent.connect()) {
            int id = again.create();
            String mount = "nsenter --mount --target " + agent.pid() + " mount -t tmpfs none /usr/local/share";
            Programs.run("/bin/sh", "-c", mount);
            assertRefused(again::create)
                    .contains("'/usr/local/share' is mounted below '/usr'", "unmount it, or restart the agent");
            assertThat(again.list()).containsExactly(id);
            again.destroy(id);
        }
    }
}
