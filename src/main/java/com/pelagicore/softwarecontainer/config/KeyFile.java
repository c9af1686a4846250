package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A GLib key file: groups, {@code key = value}, comments with {@code #} (GLib Reference Manual, "Key-value
 * file parser"). Stricter than GLib in one point: blanks at the end of a value do not count; {@code \s} does.
 *
 * @param groups names of all groups, in order, with the line of the first mention
 * @param entries in order of first mention; of a key given twice the last counts; translations are left out
 * @param malformed lines that are not in the format
 */
record KeyFile(Map<String, Integer> groups, List<Entry> entries, List<Malformed> malformed) {

    record Entry(String group, String key, String value, int line) {}

    record Malformed(int line, String reason) {}

    static KeyFile parse(String text) {
        return new Parser().parse(text);
    }

    private static final class Parser {

        private final Map<String, Integer> groups = new LinkedHashMap<>();
        private final Map<List<String>, Entry> entries = new LinkedHashMap<>();
        private final List<Malformed> malformed = new ArrayList<>();
        private final Set<String> current = new LinkedHashSet<>(1);

        KeyFile parse(String text) {
            int number = 0;
            for (String line : text.split("\n", -1)) {
                number++;
                try {
                    read(line.strip(), number);
                } catch (IllegalArgumentException e) {
                    malformed.add(new Malformed(number, String.valueOf(e.getMessage())));
                }
            }
            return new KeyFile(groups, List.copyOf(entries.values()), malformed);
        }

        private void read(String line, int number) {
            if (line.isEmpty() || line.startsWith("#")) {
                return;
            }
            if (line.startsWith("[")) {
                enter(line, number);
            } else {
                add(line, number);
            }
        }

        private void enter(String line, int number) {
            String name = line.endsWith("]") ? line.substring(1, line.length() - 1) : "";
            boolean valid = !name.isEmpty() && name.chars().noneMatch(c -> c == '[' || c == ']' || c < ' ' || c == 127);
            if (!valid) {
                throw new IllegalArgumentException(Quoted.text(line) + " is not a group like '[name]'");
            }
            current.clear();
            current.add(name);
            groups.putIfAbsent(name, number);
        }

        private void add(String line, int number) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(Quoted.text(line) + " is not 'key = value', a group or a comment");
            }
            String key = line.substring(0, equals).strip();
            if (key.isEmpty()) {
                throw new IllegalArgumentException("there is no key before '='");
            }
            if (current.isEmpty()) {
                throw new IllegalArgumentException("key " + Quoted.text(key) + " stands before the first group");
            }
            if (isTranslation(key)) {
                return;
            }
            if (key.chars().anyMatch(c -> c == '[' || c == ']' || c < ' ')) {
                throw new IllegalArgumentException(Quoted.text(key) + " is not a key");
            }
            String group = current.iterator().next();
            String value = unescape(line.substring(equals + 1).strip());
            entries.put(List.of(group, key), new Entry(group, key, value, number));
        }

        /** {@code key[de]}: GLib keeps it apart from {@code key} and drops it unless it is asked for. */
        private static boolean isTranslation(String key) {
            return key.matches("[^\\[\\]]+\\[[A-Za-z0-9_.@-]+]");
        }

        private static String unescape(String value) {
            StringBuilder text = new StringBuilder(value.length());
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                text.append(c == '\\' ? unescape(value, ++i) : c);
            }
            return text.toString();
        }

        private static char unescape(String value, int at) {
            if (at == value.length()) {
                throw new IllegalArgumentException("the value ends in a lone '\\'");
            }
            char c = value.charAt(at);
            int known = "sntr\\".indexOf(c);
            if (known < 0) {
                throw new IllegalArgumentException(
                        "'\\" + Quoted.line(String.valueOf(c), 1) + "' is none of the escapes \\s \\n \\t \\r \\\\");
            }
            return " \n\t\r\\".charAt(known);
        }
    }
}
