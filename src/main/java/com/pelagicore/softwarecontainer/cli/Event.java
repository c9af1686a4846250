package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Something that happened in a container. The words and keys are documented in softwarecontainer(1). */
sealed interface Event {

    int LONGEST_LINE = 400;

    int container();

    /** One word. */
    String name();

    /** For people, after the name; may be empty. */
    String details();

    /** Adds what belongs to it. */
    void addTo(ObjectNode json);

    default String toLine(String time) {
        return Quoted.line(
                (time + "  container " + container() + "  " + name() + " " + details()).stripTrailing(), LONGEST_LINE);
    }

    default String toJson(String time) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("time", time)
                .put("container", container())
                .put("event", name());
        addTo(json);
        return json.toString();
    }

    record Created(int container) implements Event {
        @Override
        public String name() {
            return "created";
        }

        @Override
        public String details() {
            return "";
        }

        @Override
        public void addTo(ObjectNode json) {}
    }

    record Destroyed(int container) implements Event {
        @Override
        public String name() {
            return "destroyed";
        }

        @Override
        public String details() {
            return "";
        }

        @Override
        public void addTo(ObjectNode json) {}
    }

    record StateChanged(int container, String state) implements Event {
        @Override
        public String name() {
            return "state";
        }

        @Override
        public String details() {
            return state;
        }

        @Override
        public void addTo(ObjectNode json) {
            json.put("state", state);
        }
    }

    record Granted(int container, List<String> capabilities) implements Event {
        @Override
        public String name() {
            return "granted";
        }

        @Override
        public String details() {
            return String.join(", ", capabilities);
        }

        @Override
        public void addTo(ObjectNode json) {
            ArrayNode names = json.putArray("capabilities");
            capabilities.forEach(names::add);
        }
    }

    record Started(int container, long pid, List<String> arguments) implements Event {
        @Override
        public String name() {
            return "started";
        }

        @Override
        public String details() {
            return pid + ": " + String.join(" ", arguments);
        }

        @Override
        public void addTo(ObjectNode json) {
            ArrayNode words = json.put("pid", pid).putArray("arguments");
            arguments.forEach(words::add);
        }
    }

    record Exited(int container, long pid, long status) implements Event {
        @Override
        public String name() {
            return "exited";
        }

        @Override
        public String details() {
            return pid + " with status " + status;
        }

        @Override
        public void addTo(ObjectNode json) {
            json.put("pid", pid).put("status", status);
        }
    }

    record Killed(int container, long pid, long signal) implements Event {
        @Override
        public String name() {
            return "killed";
        }

        @Override
        public String details() {
            return pid + " by signal " + signal;
        }

        @Override
        public void addTo(ObjectNode json) {
            json.put("pid", pid).put("signal", signal);
        }
    }
}
