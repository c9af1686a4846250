package com.pelagicore.softwarecontainer.gateway.environment;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import java.util.Locale;

/**
 * One element of the env gateway.
 *
 * @param name not empty, without {@code =} and NUL
 * @param value not empty, without NUL
 * @param separator between old and new value; may be empty
 */
record EnvironmentConfig(String name, String value, Mode mode, String separator) {

    /** What to do with a variable that this gateway has set before. */
    enum Mode {
        SET,
        APPEND,
        PREPEND
    }

    static EnvironmentConfig of(ConfigElement element) {
        return new EnvironmentConfig(
                name(element),
                element.text("value"),
                mode(element),
                element.optionalText("separator").orElse(""));
    }

    private static String name(ConfigElement element) {
        String name = element.text("name");
        if (name.indexOf('=') >= 0) {
            throw element.refuse("'name' contains '=': " + Quoted.text(name));
        }
        return name;
    }

    private static Mode mode(ConfigElement element) {
        String word = element.optionalText("mode").orElse("set");
        for (Mode mode : Mode.values()) {
            if (mode.name().equals(word.toUpperCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw element.refuse("'mode' must be set, append or prepend, not " + Quoted.text(word));
    }
}
