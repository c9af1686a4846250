package com.pelagicore.softwarecontainer.undo;

import com.pelagicore.softwarecontainer.spec.Confinement;
import com.pelagicore.softwarecontainer.spec.JsonFields;
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
 * The lines of a journal file: a header, then undo steps, with a line behind each group that is whole. That line
 * carries facts; of each kind the last one counts.
 *
 * @param steps by the offset of their line, in order
 * @param commits how many such lines there are
 * @param committed how many of the steps are before the last of them
 * @param end where the last whole line ends
 */
record JournalLines(
        JournalHeader header,
        Map<Long, UndoStep> steps,
        int commits,
        int committed,
        Map<String, JsonNode> facts,
        long end) {

    /** Raised when an older agent could not read the file any more. */
    static final int FORMAT = 3;

    private static final String COMMIT = "commit";
    private static final JsonMapper JSON = JsonMapper.shared();

    static byte[] header(JournalHeader header) {
        ObjectNode line = object();
        line.put("format", FORMAT)
                .put("container", header.container())
                .put("bootId", header.bootId())
                .put("marker", header.marker())
                .set("options", header.options());
        line.set("confinement", ConfinementLine.toJson(header.confinement()));
        return bytes(line);
    }

    static byte[] step(UndoStep step) {
        return bytes(StepLines.toJson(step));
    }

    static byte[] commit(Map<String, JsonNode> facts) {
        ObjectNode line = object();
        ObjectNode values = line.putObject(COMMIT);
        facts.forEach(values::set);
        return bytes(line);
    }

    static JournalLines parse(Path file, byte[] content) {
        Map<Long, UndoStep> steps = new LinkedHashMap<>();
        Map<String, JsonNode> facts = new LinkedHashMap<>();
        int commits = 0;
        int committed = 0;
        int number = 1;
        int end = nextLine(content, 0);
        try {
            JournalHeader header = parseHeader(line(content, 0, end));
            for (int start = end; nextLine(content, start) > start; start = end) {
                number++;
                end = nextLine(content, start);
                JsonNode line = line(content, start, end);
                if (line.has(COMMIT)) {
                    JsonNode values = JsonFields.of(line, COMMIT).any(COMMIT);
                    values.properties().forEach(fact -> facts.put(fact.getKey(), fact.getValue()));
                    committed = steps.size();
                    commits++;
                } else if (!line.has("fact")) {
                    // format 1 had facts without an end of their change, so all of it counts as half-made
                    steps.put((long) start, StepLines.parse(line));
                }
            }
            return new JournalLines(header, steps, commits, committed, facts, end);
        } catch (JacksonException | IllegalArgumentException e) {
            UnreadableJournal unreadable =
                    new UnreadableJournal(file, "line " + number + ": " + String.valueOf(e.getMessage()));
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    private static JournalHeader parseHeader(JsonNode line) {
        int format = line.path("format").asInt(0);
        if (format < 1) {
            throw new IllegalArgumentException("no header");
        }
        if (format > FORMAT) {
            throw new IllegalArgumentException("format " + format + " is newer than this agent, which knows " + FORMAT);
        }
        JsonFields header = JsonFields.of(line, "format", "container", "bootId", "marker", "options", "confinement");
        return new JournalHeader(
                header.text("container"),
                header.text("bootId"),
                header.text("marker"),
                header.any("options"),
                header.has("confinement") ? ConfinementLine.parse(header.any("confinement")) : Confinement.LEGACY);
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

    private static byte[] bytes(ObjectNode line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
