package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Users of the host, by number; root is never among them.
 *
 * @param ranges ascending, without overlap
 */
public record UserIds(List<Range> ranges) {

    public static final UserIds NONE = new UserIds(List.of());

    /** The kernel takes 340 in a user namespace (user_namespaces(7)). */
    private static final int MAXIMUM = 100;

    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

    /** From first to last, both included. */
    public record Range(int first, int last) {

        public Range {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException("there are no users " + first + " to " + last);
            }
        }

        public int count() {
            return last - first + 1;
        }
    }

    public UserIds {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(Range::first));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first() <= sorted.get(i - 1).last()) {
                throw new IllegalArgumentException("users twice: " + sorted);
            }
        }
        ranges = List.copyOf(sorted);
    }

    /**
     * Reads {@code 990,1000-1010}.
     *
     * @throws IllegalArgumentException that goes on after the name of the setting
     */
    static UserIds parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part.strip(), text));
        }
        try {
            return requireFew(new UserIds(ranges));
        } catch (IllegalArgumentException e) {
            throw refuse(text, e);
        }
    }

    private static Range range(String part, String text) {
        Matcher matcher = SYNTAX.matcher(part);
        if (!matcher.matches()) {
            throw refuse(text, new IllegalArgumentException(part));
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        try {
            return new Range(first, last);
        } catch (IllegalArgumentException e) {
            throw refuse(text, e);
        }
    }

    private static UserIds requireFew(UserIds ids) {
        if (ids.ranges().size() > MAXIMUM) {
            throw new IllegalArgumentException("more than " + MAXIMUM);
        }
        return ids;
    }

    private static IllegalArgumentException refuse(String text, IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "must be user ids and ranges like 990,1000-1010, at most " + MAXIMUM
                        + ", each user once and none of them 0, not " + Quoted.text(text),
                cause);
    }

    public boolean contains(int user) {
        return ranges.stream().anyMatch(range -> range.first() <= user && user <= range.last());
    }

    /** As in the configuration file. */
    @Override
    public String toString() {
        return ranges.stream()
                .map(range -> range.first() == range.last()
                        ? Integer.toString(range.first())
                        : range.first() + "-" + range.last())
                .collect(Collectors.joining(","));
    }
}
