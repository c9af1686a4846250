package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Merges command line, file and defaults, and gathers every problem on the way. For one use. */
final class StartupReader {

    private static final int MAX_FILE_BYTES = 1 << 20;

    private final Path currentDirectory;
    private final Path defaultFile;
    private final String version;
    private final Map<ConfigKey, Settings.Setting> given = new EnumMap<>(ConfigKey.class);
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    StartupReader(Path currentDirectory, Path defaultFile, String version) {
        this.currentDirectory = currentDirectory;
        this.defaultFile = defaultFile;
        this.version = version;
    }

    Startup read(List<String> arguments) {
        CommandLine commandLine = CommandLine.parse(arguments);
        if (commandLine.value(Option.HELP).isPresent()) {
            return new Startup.Print(HelpText.help());
        }
        if (commandLine.value(Option.VERSION).isPresent()) {
            return new Startup.Print(HelpText.version(version));
        }
        problems.addAll(commandLine.problems());
        LogLevel logLevel = logLevel(commandLine);
        Optional<String> address = address(commandLine);
        readFile(commandLine.value(Option.CONFIG));
        overrule(commandLine);
        DaemonConfig config = config(address);
        boolean badUsage = !commandLine.problems().isEmpty()
                || problems.stream().anyMatch(problem -> problem.where().startsWith("--"));
        if (!problems.isEmpty()) {
            return new Startup.Refuse(problems, badUsage);
        }
        return commandLine.value(Option.CHECK).isPresent()
                ? new Startup.Check(config, warnings)
                : new Startup.Run(config, logLevel, warnings);
    }

    private LogLevel logLevel(CommandLine commandLine) {
        String word = commandLine.value(Option.LOG_LEVEL).orElse(LogLevel.INFO.word());
        for (LogLevel level : LogLevel.values()) {
            if (level.word().equals(word)) {
                return level;
            }
        }
        problems.add(new Problem(
                Option.LOG_LEVEL.toString(), "must be error, warn, info or debug, not " + Quoted.text(word)));
        return LogLevel.INFO;
    }

    /** Only the form; the bus room knows the transports. */
    private Optional<String> address(CommandLine commandLine) {
        Optional<String> address = commandLine.value(Option.ADDRESS);
        if (address.isPresent() && !address.get().matches("[a-z-]+:[^\\p{Cntrl}]*")) {
            problems.add(new Problem(
                    Option.ADDRESS.toString(),
                    "must be a D-Bus address like 'unix:path=/run/bus', not " + Quoted.text(address.get())));
        }
        return address;
    }

    private void readFile(Optional<String> named) {
        if (named.isEmpty()) {
            if (Files.exists(defaultFile)) {
                readFile(defaultFile);
            }
            return;
        }
        try {
            if (named.get().isEmpty()) {
                throw new InvalidPathException("", "empty");
            }
            readFile(currentDirectory.resolve(named.get()));
        } catch (InvalidPathException e) {
            problems.add(new Problem(Option.CONFIG.toString(), "must be a path, not " + Quoted.text(named.get())));
        }
    }

    private void readFile(Path file) {
        try {
            take(KeyFile.parse(TextFile.read(file, MAX_FILE_BYTES)), file);
        } catch (IOException e) {
            problems.add(new Problem("", "Error loading main config file '" + file + "': " + e.getMessage()));
        }
    }

    private void take(KeyFile keys, Path file) {
        keys.malformed().forEach(line -> problems.add(new Problem(file + ":" + line.line(), line.reason())));
        keys.groups().forEach((group, line) -> {
            if (!group.equals(ConfigKey.GROUP)) {
                problems.add(new Problem(file + ":" + line, "Unknown config group " + Quoted.text(group)));
            }
        });
        for (KeyFile.Entry entry : keys.entries()) {
            take(entry, file + ":" + entry.line());
        }
    }

    private void take(KeyFile.Entry entry, String where) {
        Optional<ConfigKey> key = ConfigKey.of(entry.key());
        if (key.isEmpty() || !entry.group().equals(ConfigKey.GROUP)) {
            String name = entry.group() + "::" + entry.key();
            problems.add(new Problem(where, "Unknown config " + Quoted.line(name, Quoted.MAX_CHARACTERS)));
            return;
        }
        given.put(key.get(), new Settings.Setting(entry.value(), where));
        if (key.get() == ConfigKey.DEPRECATED_LXC_CONFIG_PATH) {
            warnings.add(new Problem(where, "'deprecated-lxc-config-path' has no effect, ignoring"));
        }
    }

    private void overrule(CommandLine commandLine) {
        commandLine.values().forEach((option, value) -> option.key()
                .ifPresent(key ->
                        given.put(key, new Settings.Setting(option.takesValue() ? value : "true", option.toString()))));
        if (commandLine.value(Option.USER).isPresent()) {
            warnings.add(new Problem(Option.USER.toString(), "has no effect, ignoring"));
        }
        boolean twoBuses = commandLine.value(Option.ADDRESS).isPresent()
                && commandLine.value(Option.SESSION_BUS).isPresent();
        if (twoBuses) {
            warnings.add(new Problem(Option.SESSION_BUS.toString(), "has no effect beside --address, ignoring"));
        }
    }

    private DaemonConfig config(Optional<String> address) {
        Settings settings = new Settings(given, currentDirectory, problems::add);
        Recovery recovery = settings.recovery(ConfigKey.RECOVERY);
        return new DaemonConfig(
                address,
                settings.flag(ConfigKey.USE_SESSION_BUS),
                settings.seconds(ConfigKey.SHUTDOWN_TIMEOUT),
                settings.ownDirectory(ConfigKey.SHARED_MOUNTS_DIR),
                settings.path(ConfigKey.DEPRECATED_LXC_CONFIG_PATH),
                settings.optionalPath(ConfigKey.SERVICE_MANIFEST_DIR),
                settings.optionalPath(ConfigKey.DEFAULT_SERVICE_MANIFEST_DIR),
                settings.path(ConfigKey.GATEWAY_DIR),
                settings.ownDirectory(ConfigKey.STATE_DIR),
                settings.optionalDirectory(ConfigKey.LXC_PATH),
                settings.optionalControlGroup(ConfigKey.CGROUP_PARENT),
                settings.number(ConfigKey.DBUS_UID, 1, 999_999_999),
                settings.userIds(ConfigKey.DBUS_CONTAINER_UIDS),
                recovery,
                onStop(recovery, settings),
                ConfinementSettings.read(settings, problems),
                NetworkSettings.read(settings, problems),
                AccessSettings.read(settings),
                gatewaySettings(settings));
    }

    /** Who wants containers to be gone after a crash wants so after a stop, as it was with the original. */
    private static OnStop onStop(Recovery recovery, Settings settings) {
        return settings.onStop(ConfigKey.ON_STOP).orElse(recovery == Recovery.ADOPT ? OnStop.KEEP : OnStop.DESTROY);
    }

    private static Map<String, String> gatewaySettings(Settings settings) {
        Map<String, String> given = new HashMap<>();
        for (ConfigKey key : List.of(ConfigKey.PULSE_SOCKET, ConfigKey.PULSE_COOKIE, ConfigKey.WAYLAND_SOCKET)) {
            settings.optionalPath(key).ifPresent(path -> given.put(key.key(), path.toString()));
        }
        return given;
    }
}
