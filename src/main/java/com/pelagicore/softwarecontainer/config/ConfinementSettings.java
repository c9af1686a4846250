package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.spec.IdRange;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys about confinement. */
final class ConfinementSettings {

    private static final String LEGACY = "legacy";
    private static final String DEFAULT = "default";
    private static final String ALL = "all";
    private static final String NONE = "none";

    private static final Pattern RANGE = Pattern.compile("(\\d{1,10}):(\\d{1,10})");

    /** The kernel's default for pid_max (proc(5)). */
    private static final int MAX_PROCESSES = 4_194_304;

    private ConfinementSettings() {}

    /** Tells {@code problems}; the record is of use only if there were none. */
    static ConfinementConfig read(Settings settings, List<Problem> problems) {
        boolean legacy = settings.value(ConfigKey.CONFINEMENT, ConfinementSettings::isLegacy);
        Set<ConfinementPiece> required = settings.value(ConfigKey.REQUIRE_CONFINEMENT, ConfinementSettings::pieces);
        if (legacy && !required.isEmpty()) {
            problems.add(new Problem(
                    settings.origin(ConfigKey.CONFINEMENT).orElse(""),
                    "'confinement' is legacy, but 'require-confinement' requires " + words(required)));
        }
        int limit = settings.number(ConfigKey.PROCESS_LIMIT, 0, MAX_PROCESSES);
        return new ConfinementConfig(
                legacy,
                settings.flag(ConfigKey.ALLOW_LEGACY_CONTAINERS),
                required,
                settings.given(ConfigKey.ID_RANGE, ConfinementSettings::range),
                limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit));
    }

    private static boolean isLegacy(String text) {
        if (!text.equals(DEFAULT) && !text.equals(LEGACY)) {
            throw new IllegalArgumentException("must be 'default' or 'legacy', not " + Quoted.text(text));
        }
        return text.equals(LEGACY);
    }

    /** GLib's lists end with a semicolon or not. */
    private static Set<ConfinementPiece> pieces(String text) {
        if (text.equals(NONE)) {
            return EnumSet.noneOf(ConfinementPiece.class);
        }
        if (text.equals(ALL)) {
            return EnumSet.allOf(ConfinementPiece.class);
        }
        Set<ConfinementPiece> pieces = EnumSet.noneOf(ConfinementPiece.class);
        for (String word : text.split(";", 0)) {
            pieces.add(ConfinementPiece.of(word.strip())
                    .orElseThrow(() -> new IllegalArgumentException("must be '" + NONE + "', '" + ALL + "' or some of "
                            + words(EnumSet.allOf(ConfinementPiece.class)) + " with ';' between, not "
                            + Quoted.text(word))));
        }
        return pieces;
    }

    private static String words(Set<ConfinementPiece> pieces) {
        return Arrays.stream(ConfinementPiece.values())
                .filter(pieces::contains)
                .map(ConfinementPiece::word)
                .collect(Collectors.joining(", "));
    }

    private static IdRange range(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (matcher.matches()) {
            long first = Long.parseLong(matcher.group(1));
            long count = Long.parseLong(matcher.group(2));
            if (first >= IdRange.PER_CONTAINER && count >= IdRange.PER_CONTAINER && first + count < Integer.MAX_VALUE) {
                return new IdRange((int) first, (int) count);
            }
        }
        throw new IllegalArgumentException("must be FIRST:COUNT, both at least " + IdRange.PER_CONTAINER
                + " and together less than " + Integer.MAX_VALUE + ", not " + Quoted.text(text));
    }
}
