package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.BusRule.Bus;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.JsonFields;
import com.pelagicore.softwarecontainer.spec.SpecJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Undo steps as lines of a journal file. */
final class StepLines {

    static final String KIND = "undo";

    private static final String NAME = "name";
    private static final String MARKER = "marker";
    private static final String PATH = "path";
    private static final String PID = "initPid";
    private static final String TICKS = "initStartTicks";
    private static final String MOUNT = "mount";
    private static final String DEVICE = "device";
    private static final String BITS = "permissionBits";
    private static final String CONTAINER = "container";

    private StepLines() {}

    static ObjectNode toJson(UndoStep step) {
        if (step instanceof UndoStep.Unmount unmount) {
            return line("unmount").put(PATH, unmount.hostPath().toString());
        } else if (step instanceof UndoStep.DeleteTree delete) {
            return line("delete-tree").put(PATH, delete.hostPath().toString());
        } else if (step instanceof UndoStep.StopContainer stop) {
            return line("stop-container").put(NAME, stop.name()).put(MARKER, stop.marker());
        } else if (step instanceof UndoStep.UndefineContainer undefine) {
            return line("undefine-container").put(NAME, undefine.name()).put(MARKER, undefine.marker());
        } else if (step instanceof UndoStep.UnmountInside unmount) {
            return line("unmount-inside", unmount.initPid(), unmount.initStartTicks())
                    .put(PATH, unmount.containerPath().toString())
                    .put(MOUNT, unmount.mount());
        } else if (step instanceof UndoStep.WriteInside write) {
            return line("write-inside", write.initPid(), write.initStartTicks())
                    .put(PATH, write.containerPath().toString())
                    .put("content", write.content());
        } else if (step instanceof UndoStep.EndWatch watch) {
            return line("end-watch").put(NAME, watch.name());
        } else if (step instanceof UndoStep.RemoveNode remove) {
            return line("remove-node", remove.initPid(), remove.initStartTicks())
                    .put(PATH, remove.containerPath().toString())
                    .put(DEVICE, remove.number().toString());
        } else if (step instanceof UndoStep.RestoreNode restore) {
            return line("restore-node", restore.initPid(), restore.initStartTicks())
                    .put(PATH, restore.containerPath().toString())
                    .put(DEVICE, restore.number().toString())
                    .put(BITS, restore.permissionBits());
        } else if (step instanceof UndoStep.RestoreCgroup restore) {
            return line("restore-cgroup")
                    .put(NAME, restore.name())
                    .put(MARKER, restore.marker())
                    .put("key", restore.key())
                    .put("value", restore.value());
        } else if (step instanceof UndoStep.DetachNetwork detach) {
            return line("detach-network").put(CONTAINER, detach.container()).put("bridge", detach.bridge());
        } else if (step instanceof UndoStep.RestoreNetwork restore) {
            return line("restore-network", restore.initPid(), restore.initStartTicks())
                    .put(CONTAINER, restore.container());
        } else if (step instanceof UndoStep.WriteBack writeBack) {
            return line("write-back")
                    .put("upper", writeBack.upper().toString())
                    .put("lower", writeBack.lower().toString());
        } else if (step instanceof UndoStep.CloseBus close) {
            return line("close-bus")
                    .put(CONTAINER, close.container())
                    .put("bus", close.bus().name());
        } else if (step instanceof UndoStep.RestoreBusRules restore) {
            return line("restore-bus-rules")
                    .put(CONTAINER, restore.container())
                    .put("bus", restore.bus().name())
                    .set("rules", SpecJson.toJson(restore.rules()));
        }
        throw new IllegalStateException("no line format for " + step);
    }

    /** All failures are {@code IllegalArgumentException}. */
    static UndoStep parse(JsonNode line) {
        String kind = line.path(KIND).asString("");
        return switch (kind) {
            case "unmount" -> new UndoStep.Unmount(fields(line, PATH).path(PATH));
            case "delete-tree" -> new UndoStep.DeleteTree(fields(line, PATH).path(PATH));
            case "stop-container" -> stopContainer(fields(line, NAME, MARKER));
            case "undefine-container" -> undefineContainer(fields(line, NAME, MARKER));
            case "unmount-inside" -> unmountInside(fields(line, PID, TICKS, PATH, MOUNT, "mountBelow"));
            case "write-inside" -> writeInside(fields(line, PID, TICKS, PATH, "content"));
            case "end-watch" -> new UndoStep.EndWatch(fields(line, NAME).text(NAME));
            case "remove-node" -> removeNode(fields(line, PID, TICKS, PATH, DEVICE));
            case "restore-node" -> restoreNode(fields(line, PID, TICKS, PATH, DEVICE, BITS));
            case "restore-cgroup" -> restoreCgroup(fields(line, NAME, MARKER, "key", "value"));
            case "detach-network" -> detachNetwork(fields(line, CONTAINER, "bridge"));
            case "restore-network" -> restoreNetwork(fields(line, PID, TICKS, CONTAINER));
            case "write-back" -> writeBack(fields(line, "upper", "lower"));
            case "close-bus" -> closeBus(fields(line, CONTAINER, "bus"));
            case "restore-bus-rules" -> restoreBusRules(fields(line, CONTAINER, "bus", "rules"));
            default -> throw new IllegalArgumentException("unknown undo step '" + kind + "'");
        };
    }

    private static UndoStep stopContainer(JsonFields line) {
        return new UndoStep.StopContainer(line.text(NAME), line.text(MARKER));
    }

    private static UndoStep undefineContainer(JsonFields line) {
        return new UndoStep.UndefineContainer(line.text(NAME), line.text(MARKER));
    }

    /** Agents before this one wrote {@code mountBelow} instead: what was mounted there already. */
    private static UndoStep unmountInside(JsonFields line) {
        long mount = line.has(MOUNT) ? line.number(MOUNT) : UndoStep.UnmountInside.UNKNOWN;
        return new UndoStep.UnmountInside(line.number(PID), line.number(TICKS), line.path(PATH), mount);
    }

    private static UndoStep writeInside(JsonFields line) {
        return new UndoStep.WriteInside(line.number(PID), line.number(TICKS), line.path(PATH), line.text("content"));
    }

    private static UndoStep removeNode(JsonFields line) {
        return new UndoStep.RemoveNode(
                line.number(PID), line.number(TICKS), line.path(PATH), DeviceNumber.parse(line.text(DEVICE)));
    }

    private static UndoStep restoreNode(JsonFields line) {
        return new UndoStep.RestoreNode(
                line.number(PID),
                line.number(TICKS),
                line.path(PATH),
                DeviceNumber.parse(line.text(DEVICE)),
                line.smallNumber(BITS));
    }

    private static UndoStep restoreCgroup(JsonFields line) {
        return new UndoStep.RestoreCgroup(line.text(NAME), line.text(MARKER), line.text("key"), line.text("value"));
    }

    private static UndoStep detachNetwork(JsonFields line) {
        return new UndoStep.DetachNetwork(line.smallNumber(CONTAINER), line.text("bridge"));
    }

    private static UndoStep restoreNetwork(JsonFields line) {
        return new UndoStep.RestoreNetwork(line.smallNumber(CONTAINER), line.number(PID), line.number(TICKS));
    }

    private static UndoStep writeBack(JsonFields line) {
        return new UndoStep.WriteBack(line.path("upper"), line.path("lower"));
    }

    private static UndoStep closeBus(JsonFields line) {
        return new UndoStep.CloseBus(line.text(CONTAINER), line.choice("bus", Bus.class));
    }

    private static UndoStep restoreBusRules(JsonFields line) {
        return new UndoStep.RestoreBusRules(
                line.text(CONTAINER), line.choice("bus", Bus.class), SpecJson.parseBusRules(line.any("rules")));
    }

    private static JsonFields fields(JsonNode line, String... keys) {
        String[] known = new String[keys.length + 1];
        System.arraycopy(keys, 0, known, 1, keys.length);
        known[0] = KIND;
        return JsonFields.of(line, known);
    }

    private static ObjectNode line(String kind) {
        return JsonNodeFactory.instance.objectNode().put(KIND, kind);
    }

    private static ObjectNode line(String kind, long initPid, long initStartTicks) {
        return line(kind).put(PID, initPid).put(TICKS, initStartTicks);
    }
}
