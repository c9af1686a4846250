package com.pelagicore.softwarecontainer.container;

import com.pelagicore.softwarecontainer.config.ContainerOptions;
import com.pelagicore.softwarecontainer.process.InitProcess;
import com.pelagicore.softwarecontainer.rootfs.ContainerRootfs;
import com.pelagicore.softwarecontainer.spec.DeviceNumber;
import com.pelagicore.softwarecontainer.spec.JsonFields;
import com.pelagicore.softwarecontainer.spec.SpecJson;
import com.pelagicore.softwarecontainer.undo.UndoJournal;
import com.pelagicore.softwarecontainer.undo.UndoScope;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the journal of a container keeps for a later agent beside undo steps. The one place of that format: what is
 * added to it raises the format of journals.
 *
 * @param owner empty: the container is half-made, or half gone
 * @param created empty: the same
 * @param init empty: the same
 * @param rootfs empty: the same
 * @param devices numbers that paths were given with last, and maybe some that are not in use any more
 */
record JournalFacts(
        ContainerOptions options,
        Optional<Owner> owner,
        Optional<Instant> created,
        Optional<InitProcess> init,
        Optional<ContainerRootfs> rootfs,
        Optional<Grant> grant,
        Map<Path, DeviceNumber> devices) {

    private static final String OWNER = "owner";
    private static final String CREATED = "created";
    private static final String INIT = "init";
    private static final String ROOTFS = "rootfs";
    private static final String GRANTED = "granted";
    private static final String DEVICES = "devices";
    private static final Set<String> KNOWN = Set.of(OWNER, CREATED, INIT, ROOTFS, GRANTED, DEVICES);

    private static final String WRITE_BUFFER = "writeBuffer";
    private static final String TEMPORARY_BYTES = "temporaryFileSystemBytes";
    private static final String BUS_USER = "busUser";
    private static final String LEGACY = "legacy";
    private static final String BOUND = "bound";

    JournalFacts {
        devices = Map.copyOf(devices);
    }

    /**
     * Reads all of them.
     *
     * @throws com.pelagicore.softwarecontainer.undo.UnreadableJournal if they are not in this format
     */
    static JournalFacts of(UndoJournal journal) {
        try {
            for (String kind : journal.factKinds()) {
                if (!KNOWN.contains(kind)) {
                    throw new IllegalArgumentException("unknown fact '" + kind + "'");
                }
            }
            return new JournalFacts(
                    options(journal.header().options()),
                    journal.fact(OWNER)
                            .map(owner -> new Owner(JsonFields.of(owner, "uid").number("uid"))),
                    journal.fact(CREATED)
                            .map(time -> Instant.parse(JsonFields.of(time, "at").text("at"))),
                    journal.fact(INIT).map(JournalFacts::init),
                    journal.fact(ROOTFS).map(JournalFacts::rootfs),
                    journal.fact(GRANTED).map(JournalFacts::grant),
                    devices(journal));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw journal.unreadable(e);
        }
    }

    static JsonNode toJson(ContainerOptions options) {
        ObjectNode json = object().put(WRITE_BUFFER, options.writeBuffer())
                .put(LEGACY, options.legacy())
                .put(BOUND, options.bound());
        options.temporaryFileSystemBytes().ifPresent(bytes -> json.put(TEMPORARY_BYTES, bytes));
        options.busUser().ifPresent(user -> json.put(BUS_USER, user));
        return json;
    }

    private static ContainerOptions options(JsonNode json) {
        JsonFields options = JsonFields.of(json, WRITE_BUFFER, TEMPORARY_BYTES, BUS_USER, LEGACY, BOUND);
        return new ContainerOptions(
                options.flag(WRITE_BUFFER),
                options.has(TEMPORARY_BYTES) ? OptionalLong.of(options.number(TEMPORARY_BYTES)) : OptionalLong.empty(),
                options.has(BUS_USER) ? OptionalInt.of(options.smallNumber(BUS_USER)) : OptionalInt.empty(),
                options.has(LEGACY) && options.flag(LEGACY),
                options.has(BOUND) && options.flag(BOUND));
    }

    /** The container runs. */
    static void noteStart(Owner owner, Instant created, InitProcess init, ContainerRootfs rootfs, UndoScope scope) {
        scope.note(OWNER, object().put("uid", owner.uid()));
        scope.note(CREATED, object().put("at", created.toString()));
        scope.note(INIT, object().put("pid", init.pid()).put("startTicks", init.startTicks()));
        scope.note(
                ROOTFS,
                object().put("mountPoint", rootfs.mountPoint().toString())
                        .put("bufferDirectory", rootfs.bufferDirectory().toString()));
    }

    private static InitProcess init(JsonNode json) {
        JsonFields init = JsonFields.of(json, "pid", "startTicks");
        return new InitProcess(init.number("pid"), init.number("startTicks"));
    }

    private static ContainerRootfs rootfs(JsonNode json) {
        JsonFields rootfs = JsonFields.of(json, "mountPoint", "bufferDirectory");
        return new ContainerRootfs(rootfs.path("mountPoint"), rootfs.path("bufferDirectory"));
    }

    static void noteGrant(Grant grant, UndoScope scope) {
        ObjectNode json = object();
        ArrayNode names = json.putArray("capabilities");
        grant.capabilities().forEach(names::add);
        json.set("spec", SpecJson.toJson(grant.spec()));
        scope.note(GRANTED, json);
    }

    private static Grant grant(JsonNode json) {
        JsonFields grant = JsonFields.of(json, "capabilities", "spec");
        return new Grant(new LinkedHashSet<>(grant.texts("capabilities")), SpecJson.parse(grant.any("spec")));
    }

    static void noteDevices(Map<Path, DeviceNumber> devices, UndoScope scope) {
        scope.note(DEVICES, toJson(devices));
    }

    /** Outside of a scope. */
    static void noteDevices(Map<Path, DeviceNumber> devices, UndoJournal journal) {
        journal.note(DEVICES, toJson(devices));
    }

    private static JsonNode toJson(Map<Path, DeviceNumber> devices) {
        ObjectNode json = object();
        devices.forEach((path, number) -> json.put(path.toString(), number.toString()));
        return json;
    }

    /** Of a journal that is in this format. */
    static Map<Path, DeviceNumber> devices(UndoJournal journal) {
        Map<Path, DeviceNumber> devices = new TreeMap<>();
        if (journal.fact(DEVICES).isPresent()) {
            ObjectNode facts = object();
            facts.set(DEVICES, journal.fact(DEVICES).get());
            JsonFields.of(facts, DEVICES)
                    .textsByKey(DEVICES)
                    .forEach((path, number) -> devices.put(Path.of(path), DeviceNumber.parse(number)));
        }
        return devices;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
