package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Texts of command line and file turned into values. A text that cannot be turned into a value is told to
 * {@code problems}, and the default stands in, so that the next one can be looked at.
 */
final class Settings {

    /** {@code where} is the option, or file and line. */
    record Setting(String text, String where) {}

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,9}");
    private static final Pattern CONTROL_GROUP =
            Pattern.compile("(?!\\.)[A-Za-z0-9:_.@\\\\-]+(/(?!\\.)[A-Za-z0-9:_.@\\\\-]+)*");
    private static final int MAX_SECONDS = 3600;

    private final Map<ConfigKey, Setting> given;
    private final Path currentDirectory;
    private final Consumer<Problem> problems;

    Settings(Map<ConfigKey, Setting> given, Path currentDirectory, Consumer<Problem> problems) {
        this.given = given;
        this.currentDirectory = currentDirectory;
        this.problems = problems;
    }

    boolean flag(ConfigKey key) {
        return value(key, Settings::flagOf);
    }

    Duration seconds(ConfigKey key) {
        return value(key, text -> Duration.ofSeconds(numberOf(text, 0, MAX_SECONDS)));
    }

    int number(ConfigKey key, int min, int max) {
        return value(key, text -> numberOf(text, min, max));
    }

    Path path(ConfigKey key) {
        return value(key, this::pathOf);
    }

    /** Separated by colons; none if not given or empty. */
    List<Path> paths(ConfigKey key) {
        return given(key, this::pathsOf).orElse(List.of());
    }

    /** Empty if not given. */
    Optional<Path> optionalPath(ConfigKey key) {
        return given(key, this::pathOf);
    }

    /** A directory that the agent makes, and empties: the root cannot be meant. */
    Path ownDirectory(ConfigKey key) {
        return value(key, this::ownDirectoryOf);
    }

    Optional<Path> optionalDirectory(ConfigKey key) {
        return given(key, this::ownDirectoryOf);
    }

    Optional<String> optionalControlGroup(ConfigKey key) {
        return given(key, Settings::controlGroupOf);
    }

    /** None if not given. */
    UserIds userIds(ConfigKey key) {
        return given(key, UserIds::parse).orElse(UserIds.NONE);
    }

    Recovery recovery(ConfigKey key) {
        return value(key, text -> choiceOf(text, Recovery.values()));
    }

    /** Empty if not given. */
    Optional<OnStop> onStop(ConfigKey key) {
        return given(key, text -> choiceOf(text, OnStop.values()));
    }

    String text(ConfigKey key, Function<String, String> check) {
        return value(key, check);
    }

    /** Where the key was given; empty: nowhere. */
    Optional<String> origin(ConfigKey key) {
        return Optional.ofNullable(given.get(key)).map(Setting::where);
    }

    /** {@code parse} throws IllegalArgumentException with what the value must be. */
    <T> T value(ConfigKey key, Function<String, T> parse) {
        return given(key, parse).orElseGet(() -> parse.apply(key.defaultText().orElseThrow()));
    }

    /** Empty if not given. */
    <T> Optional<T> given(ConfigKey key, Function<String, T> parse) {
        Optional<Setting> setting = Optional.ofNullable(given.get(key));
        try {
            return setting.map(Setting::text).map(parse);
        } catch (IllegalArgumentException e) {
            String where = setting.map(Setting::where).orElse("");
            problems.accept(new Problem(where, "'" + key.key() + "' " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean flagOf(String text) {
        if (text.equals("true") || text.equals("1")) {
            return true;
        }
        if (text.equals("false") || text.equals("0")) {
            return false;
        }
        throw new IllegalArgumentException("must be true or false, not " + Quoted.text(text));
    }

    private static int numberOf(String text, int min, int max) {
        if (INTEGER.matcher(text).matches()) {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "must be a number from " + min + " to " + max + ", not " + Quoted.text(text));
    }

    private Path pathOf(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must be a path, not empty");
        }
        try {
            return currentDirectory.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path, not " + Quoted.text(text), e);
        }
    }

    private List<Path> pathsOf(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(":", -1)).map(this::absolutePathOf).toList();
    }

    private Path absolutePathOf(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("must be absolute paths with colons between, not " + Quoted.text(text));
        }
        return pathOf(text);
    }

    private Path ownDirectoryOf(String text) {
        Path path = pathOf(text);
        if (path.getNameCount() == 0) {
            throw new IllegalArgumentException("must be a directory below '/', not '/' itself");
        }
        return path;
    }

    /** A name may have any byte but a slash; those that systemd gives have these. */
    private static String controlGroupOf(String text) {
        if (!CONTROL_GROUP.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be the path of a control group like 'machine.slice/x.service', not " + Quoted.text(text));
        }
        return text;
    }

    @SafeVarargs
    private static <E extends Enum<E>> E choiceOf(String text, E... choices) {
        List<String> words = new ArrayList<>();
        for (E choice : choices) {
            String word = choice.name().toLowerCase(Locale.ROOT);
            if (word.equals(text)) {
                return choice;
            }
            words.add("'" + word + "'");
        }
        throw new IllegalArgumentException("must be " + String.join(" or ", words) + ", not " + Quoted.text(text));
    }
}
