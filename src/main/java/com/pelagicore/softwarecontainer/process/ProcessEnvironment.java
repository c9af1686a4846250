package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The environment of a process: nothing of the agent's. */
public final class ProcessEnvironment {

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ProcessEnvironment() {}

    /**
     * A sane PATH and {@code container=lxc}, under what gateways set, under what the caller gives.
     *
     * @throws SoftwareContainerException INVALID_ARGUMENT naming the caller's variable
     */
    public static SortedMap<String, String> of(Map<String, String> granted, Map<String, String> callers) {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", PATH);
        environment.put("container", "lxc");
        environment.putAll(granted);
        callers.forEach((name, value) -> {
            check(name, value);
            environment.put(name, value);
        });
        return environment;
    }

    private static void check(String name, String value) {
        if (name.isEmpty()) {
            throw invalid("An environment variable has an empty name");
        }
        if (name.indexOf('=') >= 0) {
            throw invalid("The name of environment variable '" + name + "' contains '='");
        }
        if (name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw invalid("Environment variable '" + name.replace('\0', '?') + "' contains NUL");
        }
    }

    private static SoftwareContainerException invalid(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
