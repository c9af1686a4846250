package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lines of a journal file.
 *
 * @param steps by the offset of their line, in order
 * @param facts the last of each kind
 * @param end where the last whole line ends
 */
record JournalLines(JournalHeader header, Map<Long, UndoStep> steps, Map<String, JsonNode> facts, long end) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static ObjectNode header(int format, JournalHeader header) {
        return object().put("format", format)
                .put("container", header.container())
                .put("bootId", header.bootId())
                .put("marker", header.marker())
                .set("options", header.options())
                .set("confinement", ConfinementLine.toJson(header.confinement()));
    }

    static ObjectNode fact(String kind, JsonNode value) {
        return object().put("fact", kind).set("value", value);
    }

    static ObjectNode step(UndoStep step) {
        if (step instanceof UndoStep.Unmount unmount) {
            return step("unmount").put("path", unmount.hostPath().toString());
        } else if (step instanceof UndoStep.DeleteTree delete) {
            return step("delete-tree").put("path", delete.hostPath().toString());
        } else if (step instanceof UndoStep.StopContainer stop) {
            return step("stop-container").put("name", stop.name()).put("marker", stop.marker());
        } else if (step instanceof UndoStep.UndefineContainer undefine) {
            return step("undefine-container").put("name", undefine.name()).put("marker", undefine.marker());
        } else if (step instanceof UndoStep.UnmountInside unmount) {
            return step("unmount-inside")
                    .put("initPid", unmount.initPid())
                    .put("initStartTicks", unmount.initStartTicks())
                    .put("path", unmount.containerPath().toString())
                    .put("mountBelow", unmount.mountBelow());
        } else if (step instanceof UndoStep.EndWatch watch) {
            return step("end-watch").put("name", watch.name());
        } else if (step instanceof UndoStep.RemoveNode remove) {
            return step("remove-node")
                    .put("initPid", remove.initPid())
                    .put("initStartTicks", remove.initStartTicks())
                    .put("path", remove.containerPath().toString())
                    .put("device", remove.number().toString());
        } else if (step instanceof UndoStep.RestoreNode restore) {
            return step("restore-node")
                    .put("initPid", restore.initPid())
                    .put("initStartTicks", restore.initStartTicks())
                    .put("path", restore.containerPath().toString())
                    .put("device", restore.number().toString())
                    .put("permissionBits", restore.permissionBits());
        } else if (step instanceof UndoStep.RestoreCgroup restore) {
            return step("restore-cgroup")
                    .put("name", restore.name())
                    .put("marker", restore.marker())
                    .put("key", restore.key())
                    .put("value", restore.value());
        } else if (step instanceof UndoStep.DetachNetwork detach) {
            return step("detach-network").put("container", detach.container()).put("bridge", detach.bridge());
        } else if (step instanceof UndoStep.RestoreNetwork restore) {
            return step("restore-network")
                    .put("container", restore.container())
                    .put("initPid", restore.initPid())
                    .put("initStartTicks", restore.initStartTicks());
        } else if (step instanceof UndoStep.WriteBack writeBack) {
            return step("write-back")
                    .put("upper", writeBack.upper().toString())
                    .put("lower", writeBack.lower().toString());
        } else if (step instanceof UndoStep.CloseBus close) {
            return step("close-bus")
                    .put("container", close.container())
                    .put("bus", close.bus().name());
        } else if (step instanceof UndoStep.RestoreBusRules restore) {
            return step("restore-bus-rules")
                    .put("container", restore.container())
                    .put("bus", restore.bus().name())
                    .set("rules", BusRuleLines.toJson(restore.rules()));
        }
        throw new IllegalStateException("no line format for " + step);
    }

    private static UndoStep step(JsonNode line) {
        String kind = text(line, "undo");
        return switch (kind) {
            case "unmount" -> new UndoStep.Unmount(path(line, "path"));
            case "delete-tree" -> new UndoStep.DeleteTree(path(line, "path"));
            case "stop-container" -> new UndoStep.StopContainer(text(line, "name"), text(line, "marker"));
            case "undefine-container" -> new UndoStep.UndefineContainer(text(line, "name"), text(line, "marker"));
            case "unmount-inside" ->
                new UndoStep.UnmountInside(
                        line.required("initPid").asLong(),
                        line.required("initStartTicks").asLong(),
                        path(line, "path"),
                        line.required("mountBelow").asLong());
            case "end-watch" -> new UndoStep.EndWatch(text(line, "name"));
            case "remove-node" ->
                new UndoStep.RemoveNode(
                        line.required("initPid").asLong(),
                        line.required("initStartTicks").asLong(),
                        path(line, "path"),
                        DeviceNumber.parse(text(line, "device")));
            case "restore-node" ->
                new UndoStep.RestoreNode(
                        line.required("initPid").asLong(),
                        line.required("initStartTicks").asLong(),
                        path(line, "path"),
                        DeviceNumber.parse(text(line, "device")),
                        line.required("permissionBits").asInt());
            case "restore-cgroup" ->
                new UndoStep.RestoreCgroup(
                        text(line, "name"), text(line, "marker"), text(line, "key"), text(line, "value"));
            case "detach-network" ->
                new UndoStep.DetachNetwork(line.required("container").asInt(), text(line, "bridge"));
            case "restore-network" ->
                new UndoStep.RestoreNetwork(
                        line.required("container").asInt(),
                        line.required("initPid").asLong(),
                        line.required("initStartTicks").asLong());
            case "write-back" -> new UndoStep.WriteBack(path(line, "upper"), path(line, "lower"));
            case "close-bus" -> new UndoStep.CloseBus(text(line, "container"), Bus.valueOf(text(line, "bus")));
            case "restore-bus-rules" ->
                new UndoStep.RestoreBusRules(
                        text(line, "container"),
                        Bus.valueOf(text(line, "bus")),
                        BusRuleLines.parse(line.required("rules")));
            default -> throw new IllegalArgumentException("unknown undo step '" + kind + "'");
        };
    }

    static JournalLines parse(Path file, byte[] content, int newestFormat) {
        Map<Long, UndoStep> steps = new LinkedHashMap<>();
        Map<String, JsonNode> facts = new LinkedHashMap<>();
        int number = 1;
        int end = nextLine(content, 0);
        try {
            JournalHeader header = parseHeader(line(content, 0, end), newestFormat);
            for (int start = end; nextLine(content, start) > start; start = end) {
                number++;
                end = nextLine(content, start);
                JsonNode line = line(content, start, end);
                if (line.has("undo")) {
                    steps.put((long) start, step(line));
                } else {
                    facts.put(text(line, "fact"), line.required("value"));
                }
            }
            return new JournalLines(header, steps, facts, end);
        } catch (JacksonException | IllegalArgumentException e) {
            UnreadableJournal unreadable = new UnreadableJournal(file, number, String.valueOf(e.getMessage()));
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    private static JournalHeader parseHeader(JsonNode line, int newestFormat) {
        int format = line.required("format").asInt();
        if (format > newestFormat) {
            throw new IllegalArgumentException(
                    "format " + format + " is newer than this agent, which knows " + newestFormat);
        }
        return new JournalHeader(
                text(line, "container"),
                text(line, "bootId"),
                text(line, "marker"),
                line.required("options"),
                ConfinementLine.parse(line.required("confinement")));
    }

    /** Behind the newline that ends the line at {@code start}; {@code start} if the line is not whole. */
    private static int nextLine(byte[] content, int start) {
        for (int i = start; i < content.length; i++) {
            if (content[i] == '\n') {
                return i + 1;
            }
        }
        return start;
    }

    private static JsonNode line(byte[] content, int start, int end) {
        return JSON.readTree(new String(content, start, end - start, StandardCharsets.UTF_8));
    }

    private static String text(JsonNode line, String key) {
        return line.required(key).asString();
    }

    private static Path path(JsonNode line, String key) {
        return Path.of(text(line, key));
    }

    private static ObjectNode step(String kind) {
        return object().put("undo", kind);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
