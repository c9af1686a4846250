package com.pelagicore.softwarecontainer.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The capabilities that every agent under test has. */
final class TestManifests {

    /** GREETING=hello, and the data directory read-only at /gateways/data. */
    static final String GREETING = "test.greeting";

    /** GREETING with {@code , world} behind and {@code oh} in front. */
    static final String GREETING_JOINED = "test.greeting-joined";

    /** The data directory, writable, at /opt/data. */
    static final String WRITABLE = "test.writable";

    /** A good variable (PARTLY=yes) and a directory of the host that is not there. */
    static final String MISSING_DIRECTORY = "test.missing-directory";

    /** A good variable (BROKEN=yes) and an element that no gateway takes. */
    static final String BROKEN = "test.broken";

    /** A gateway that nobody has heard of. */
    static final String UNHEARD_OF = "test.unheard-of";

    /** DEFAULT=yes; a default capability, which cannot be named. */
    static final String DEFAULT = "test.default";

    private TestManifests() {}

    static void write(LiveAgent agent) {
        Path data = agent.data();
        write(
                agent.manifests().resolve("test.json"),
                """
                {"version": "1", "capabilities": [
                  {"name": "test.greeting", "gateways": [
                    {"id": "env", "config": [{"name": "GREETING", "value": "hello"}]},
                    {"id": "file", "config": [
                      {"path-host": "%1$s", "path-container": "/gateways/data", "read-only": true}]}]},
                  {"name": "test.greeting-joined", "gateways": [
                    {"id": "env", "config": [
                      {"name": "GREETING", "value": "world", "mode": "append", "separator": ", "},
                      {"name": "GREETING", "value": "oh", "mode": "prepend", "separator": " "}]}]},
                  {"name": "test.writable", "gateways": [
                    {"id": "file", "config": [
                      {"path-host": "%1$s", "path-container": "/opt/data", "read-only": false}]}]},
                  {"name": "test.missing-directory", "gateways": [
                    {"id": "env", "config": [{"name": "PARTLY", "value": "yes"}]},
                    {"id": "file", "config": [
                      {"path-host": "%1$s", "path-container": "/opt/partly", "read-only": true},
                      {"path-host": "%1$s/missing", "path-container": "/opt/missing", "read-only": true}]}]},
                  {"name": "test.broken", "gateways": [
                    {"id": "env", "config": [{"name": "BROKEN", "value": "yes"}, {"value": "without a name"}]}]},
                  {"name": "test.unheard-of", "gateways": [{"id": "teleport", "config": [{}]}]}
                ]}
                """
                        .formatted(data));
        write(
                agent.defaultManifests().resolve("default.json"),
                """
                {"version": "1", "capabilities": [
                  {"name": "test.default", "gateways": [
                    {"id": "env", "config": [{"name": "DEFAULT", "value": "yes"}]}]}
                ]}
                """);
        write(data.resolve("file.txt"), "from the host\n");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
