package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words; picocli would name the constants in its refusals, which nobody typed. */
final class Choice {

    private Choice() {}

    /** The one that is so written, {@code toString}. */
    static <E extends Enum<E>> E of(Class<E> choices, String text) {
        return all(choices)
                .filter(choice -> choice.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(Quoted.text(text) + " is none of "
                        + all(choices).map(Enum::toString).collect(Collectors.joining(", "))));
    }

    private static <E extends Enum<E>> Stream<E> all(Class<E> choices) {
        return Arrays.stream(choices.getEnumConstants());
    }
}
