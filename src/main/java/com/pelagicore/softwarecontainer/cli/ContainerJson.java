package com.pelagicore.softwarecontainer.cli;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A container for programs; the keys are documented in softwarecontainer(1) and only added to. */
final class ContainerJson {

    private ContainerJson() {}

    static ObjectNode of(ContainerInfo container) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", container.id())
                .put("name", container.name())
                .put("state", container.state())
                .put("owner", container.owner())
                .put("created", container.created().toString())
                .put("initPid", container.initPid());
        ArrayNode capabilities = json.putArray("capabilities");
        container.capabilities().forEach(capabilities::add);
        ArrayNode processes = json.putArray("processes");
        container.processes().forEach(process -> {
            ArrayNode arguments =
                    processes.addObject().put("pid", process.pid()).putArray("arguments");
            process.arguments().forEach(arguments::add);
        });
        ObjectNode limits = json.putObject("limits");
        container.limits().forEach(limits::put);
        ObjectNode usage = json.putObject("usage");
        copy(container, "Memory", usage, "memoryBytes");
        copy(container, "Cpu", usage, "cpuNanoseconds");
        copy(container, "Tasks", usage, "tasks");
        copy(container, "MemoryKills", usage, "memoryKills");
        copy(container, "RefusedTasks", usage, "refusedTasks");
        return json;
    }

    private static void copy(ContainerInfo container, String name, ObjectNode usage, String key) {
        Long value = container.usage().get(name);
        if (value != null) {
            usage.put(key, value);
        }
    }
}
