package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Attack A31 of docs/security.md: no call about a suspended container hangs, and none is lost. */
@SystemTest
final class FrozenContainerIT {

    private static final int ROUNDS = 40;

    @Test
    void everyCallAboutASuspendedContainerIsAnswered(AgentClient client, LiveAgent agent) {
        int id = client.create();
        Execution running = client.execute(id, "/bin/sleep 1000");
        client.suspend(id);

        assertRefused(() -> client.execute(id, "/bin/true")).contains(String.valueOf(id));
        assertRefused(() -> client.bindMount(id, agent.data(), "/opt/x", true)).contains(String.valueOf(id));
        assertRefused(() -> client.suspend(id)).contains(String.valueOf(id));
        assertThat(client.list()).contains(id);
        assertThat(new HostProcess(running.pid()).isAlive()).isTrue();

        client.resume(id);
        assertThat(client.shell(id, "echo well")).isEqualTo("well");
        client.suspend(id);
        client.destroy(id);
        assertThat(client.list()).doesNotContain(id);
        assertThat(new HostProcess(running.pid()).isAlive()).isFalse();
    }

    @Test
    void aSuspendInTheMiddleOfOtherCallsHangsNone(AgentClient client, LiveAgent agent) throws Exception {
        int id = client.create();
        for (int i = 0; i < ROUNDS; i++) {
            List<CompletableFuture<List<Object>>> calls = new ArrayList<>();
            Path output = client.newOutputFile();
            calls.add(client.send("Execute", "isssa{ss}", id, "/bin/echo", "/", output.toString(), java.util.Map.of()));
            calls.add(client.send("Suspend", "i", id));
            calls.add(client.send("BindMount", "issb", id, agent.data().toString(), "/opt/" + i, true));
            calls.add(client.send("Resume", "i", id));
            for (CompletableFuture<List<Object>> call : calls) {
                assertThat(call.handle((answer, failure) -> failure == null
                                        || failure instanceof BusError
                                        || failure.getCause() instanceof BusError)
                                .get(30, TimeUnit.SECONDS))
                        .isTrue();
            }
        }
        assertThat(client.shell(id, "echo well")).isEqualTo("well");
    }

    @Test
    void aContainerThatDiesWhileItIsSuspendedCanBeDestroyed(AgentClient client) {
        int id = client.create();
        Execution running = client.execute(id, "/bin/sleep 1000");
        client.suspend(id);

        Programs.run("kill", "-9", String.valueOf(running.pid()));
        client.resume(id);

        assertThat(running.status()).isEqualTo(9);
        client.destroy(id);
        assertThat(client.list()).doesNotContain(id);
    }
}
