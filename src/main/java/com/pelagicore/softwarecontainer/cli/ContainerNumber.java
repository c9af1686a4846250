package com.pelagicore.softwarecontainer.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The number of a container: {@code 7} or, as LXC's tools name it, {@code SC-7}. */
final class ContainerNumber implements ITypeConverter<Integer> {

    private static final Pattern NUMBER = Pattern.compile("(?:SC-)?(\\d{1,9})");

    @Override
    public Integer convert(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw new TypeConversionException("'" + text + "' is no number of a container, as 'list' shows them");
        }
        return Integer.valueOf(number.group(1));
    }
}
