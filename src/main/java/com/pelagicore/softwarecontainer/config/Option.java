package com.pelagicore.softwarecontainer.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * The options of the command line. The one table of them: the help is made from it, a test compares it with
 * docs/man/softwarecontainer-agent.8.
 */
enum Option {
    CONFIG('c', "config", "PATH", "configuration file", Optional.empty()),
    USER('u', "user", "UID", "accepted for compatibility, has no effect", Optional.empty()),
    TIMEOUT(
            't',
            "timeout",
            "SECONDS",
            "time that a killed container has to be gone",
            Optional.of(ConfigKey.SHUTDOWN_TIMEOUT)),
    MANIFEST_DIR(
            'm',
            "manifest-dir",
            "PATH",
            "service manifests: directory or .json file",
            Optional.of(ConfigKey.SERVICE_MANIFEST_DIR)),
    DEFAULT_MANIFEST_DIR(
            'd',
            "default-manifest-dir",
            "PATH",
            "the same for the default capabilities",
            Optional.of(ConfigKey.DEFAULT_SERVICE_MANIFEST_DIR)),
    SESSION_BUS('b', "session-bus", "", "use the session bus", Optional.of(ConfigKey.USE_SESSION_BUS)),
    ADDRESS('a', "address", "ADDRESS", "use the D-Bus server at this address", Optional.empty()),
    CGROUP_PARENT(
            '\0',
            "cgroup-parent",
            "GROUP",
            "where the control groups of containers go",
            Optional.of(ConfigKey.CGROUP_PARENT)),
    LOG_LEVEL('\0', "log-level", "LEVEL", "error, warn, info (default) or debug", Optional.empty()),
    CHECK('\0', "check", "", "tell what this host offers, and exit", Optional.empty()),
    HELP('h', "help", "", "show this help and exit", Optional.empty()),
    VERSION('V', "version", "", "show the version and exit", Optional.empty());

    private final char letter;
    private final String word;
    private final String argument;
    private final String help;
    private final Optional<ConfigKey> key;

    Option(char letter, String word, String argument, String help, Optional<ConfigKey> key) {
        this.letter = letter;
        this.word = word;
        this.argument = argument;
        this.help = help;
        this.key = key;
    }

    static Optional<Option> of(char letter) {
        return Arrays.stream(values())
                .filter(o -> o.letter == letter && letter != '\0')
                .findFirst();
    }

    static Optional<Option> of(String word) {
        return Arrays.stream(values()).filter(o -> o.word.equals(word)).findFirst();
    }

    /** NUL: there is no short form. */
    char letter() {
        return letter;
    }

    String word() {
        return word;
    }

    boolean takesValue() {
        return !argument.isEmpty();
    }

    /** The word that stands for the value; empty: takes none. */
    String argument() {
        return argument;
    }

    String help() {
        return help;
    }

    /** The key of the configuration file that the option overrules. */
    Optional<ConfigKey> key() {
        return key;
    }

    @Override
    public String toString() {
        return "--" + word;
    }
}
