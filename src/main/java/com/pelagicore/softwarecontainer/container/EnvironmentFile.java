package com.pelagicore.softwarecontainer.container;

import java.util.SortedMap;

/** The file /gateways/env: what gateways set, for shell scripts in the container to source. */
final class EnvironmentFile {

    private EnvironmentFile() {}

    /** One {@code export NAME='VALUE'} a line, sorted by name, quotes escaped. */
    static String of(SortedMap<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
        return text.toString();
    }
}
