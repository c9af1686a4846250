package com.pelagicore.softwarecontainer.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The number of a user other than root. */
final class UserId implements ITypeConverter<Long> {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");

    @Override
    public Long convert(String text) {
        long uid = NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
        if (uid < 1 || uid > Integer.MAX_VALUE) {
            throw new TypeConversionException("'" + text + "' is no number of a user, 1 to " + Integer.MAX_VALUE);
        }
        return uid;
    }
}
