package com.pelagicore.softwarecontainer.system;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a client asks for last. */
enum FailpointCall {
    CREATE {
        @Override
        CompletableFuture<?> send(FailpointScene scene, AgentClient client, int id) {
            return client.send("Create", "s", BUFFER_IN_MEMORY);
        }
    },
    GRANT {
        @Override
        CompletableFuture<?> send(FailpointScene scene, AgentClient client, int id) {
            return client.send("SetCapabilities", "ias", id, List.of("first"));
        }
    },
    GRANT_MORE {
        @Override
        void prepare(FailpointScene scene, AgentClient client, int id) {
            client.setCapabilities(id, "first");
        }

        @Override
        CompletableFuture<?> send(FailpointScene scene, AgentClient client, int id) {
            return client.send("SetCapabilities", "ias", id, List.of("second"));
        }
    },
    BIND_MOUNT {
        @Override
        CompletableFuture<?> send(FailpointScene scene, AgentClient client, int id) {
            return client.send("BindMount", "issb", id, scene.data().toString(), "/bound", false);
        }
    },
    DESTROY {
        @Override
        void prepare(FailpointScene scene, AgentClient client, int id) {
            client.setCapabilities(id, "first", "second");
            client.bindMount(id, scene.data(), "/bound", false);
            client.shell(id, "echo saved > /bound/" + FailpointScene.name(id));
        }

        @Override
        CompletableFuture<?> send(FailpointScene scene, AgentClient client, int id) {
            return client.send("Destroy", "i", id);
        }
    };

    private static final String BUFFER_IN_MEMORY =
            "[{\"writeBufferEnabled\": true, \"temporaryFileSystemWriteBufferEnabled\": true}]";

    /** What a container has before the call. */
    void prepare(FailpointScene scene, AgentClient client, int id) {}

    abstract CompletableFuture<?> send(FailpointScene scene, AgentClient client, int id);

    /** Whether it counts as made by then: with the last line of its journal, but there is no way back from Destroy. */
    boolean isMade(int step, int steps) {
        return this == DESTROY ? step > 0 : step == steps - 1;
    }
}
