package com.pelagicore.softwarecontainer.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time: {@code 500ms}, {@code 10s} or {@code 10}, {@code 2m}; at most an hour. */
final class TimeSpan implements ITypeConverter<Duration> {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,7})(ms|s|m|h)?");
    private static final Duration LONGEST = Duration.ofHours(1);

    @Override
    public Duration convert(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw new TypeConversionException("'" + text + "' is no time, as in 500ms, 10s or 2m");
        }
        long number = Long.parseLong(span.group(1));
        Duration time =
                switch (span.group(2) == null ? "s" : span.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofSeconds(number);
                };
        if (time.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("'" + text + "' is longer than an hour");
        }
        return time;
    }

    /** For people, in its two largest units: {@code 5s}, {@code 3m12s}, {@code 2d3h}. */
    static String format(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        } else if (seconds < 3600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        } else if (seconds < 86_400) {
            return seconds / 3600 + "h" + seconds / 60 % 60 + "m";
        }
        return seconds / 86_400 + "d" + seconds / 3600 % 24 + "h";
    }
}
