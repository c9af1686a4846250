package com.pelagicore.softwarecontainer.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes: {@code 65536}, {@code 64K}, {@code 100M}, {@code 1G}, in steps of 1024. */
final class ByteSize implements ITypeConverter<Long> {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([KMG]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMG";
    private static final int STEP = 1024;

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new TypeConversionException("'" + text + "' is no size, as in 65536, 64K, 100M or 1G");
        }
        long bytes = Long.parseLong(size.group(1));
        String unit = size.group(2).toUpperCase(Locale.ROOT);
        for (int i = unit.isEmpty() ? -1 : UNITS.indexOf(unit); i >= 0; i--) {
            if (bytes > Long.MAX_VALUE / STEP) {
                throw new TypeConversionException("'" + text + "' is too large");
            }
            bytes *= STEP;
        }
        return bytes;
    }

    /** For people: {@code 812 B}, {@code 12.3 MiB}. */
    static String format(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= STEP && unit < UNITS.length() - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %siB", value, UNITS.charAt(unit));
    }
}
