package com.pelagicore.softwarecontainer.spec;

/**
 * A variable in the environment of every process started later.
 *
 * @param name not empty, without {@code =} and NUL
 * @param value may be empty, without NUL
 */
public record EnvironmentVariable(String name, String value) implements SpecItem {

    public EnvironmentVariable {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is not a name of an environment variable");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("value of '" + name + "' contains NUL");
        }
    }

    @Override
    public void addTo(Sum sum) {
        sum.add(this);
    }
}
