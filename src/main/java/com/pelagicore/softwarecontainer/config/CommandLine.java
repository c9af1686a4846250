package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line taken apart (conventions: getopt_long(3) without abbreviation of long options).
 *
 * @param values by option; of an option given twice the last counts; an option without value has ""
 * @param problems options and arguments that cannot be understood
 */
record CommandLine(Map<Option, String> values, List<Problem> problems) {

    static CommandLine parse(List<String> arguments) {
        return new Parser(arguments).parse();
    }

    Optional<String> value(Option option) {
        return Optional.ofNullable(values.get(option));
    }

    private static final class Parser {

        private final Map<Option, String> values = new EnumMap<>(Option.class);
        private final List<Problem> problems = new ArrayList<>();
        private final Iterator<String> rest;

        Parser(List<String> arguments) {
            rest = arguments.iterator();
        }

        CommandLine parse() {
            while (rest.hasNext()) {
                read(rest.next());
            }
            return new CommandLine(values, problems);
        }

        private void read(String argument) {
            if (argument.equals("--")) {
                rest.forEachRemaining(this::refuseSurplus);
            } else if (argument.startsWith("--")) {
                readWord(argument.substring(2));
            } else if (argument.startsWith("-") && argument.length() > 1) {
                readLetters(argument.substring(1));
            } else {
                refuseSurplus(argument);
            }
        }

        private void readWord(String text) {
            int equals = text.indexOf('=');
            String word = equals < 0 ? text : text.substring(0, equals);
            Optional<Option> option = Option.of(word);
            if (option.isEmpty()) {
                problem("unknown option " + Quoted.text("--" + word));
            } else if (equals < 0) {
                put(option.get());
            } else if (option.get().takesValue()) {
                values.put(option.get(), text.substring(equals + 1));
            } else {
                problem("option '--" + word + "' takes no value");
            }
        }

        private void readLetters(String letters) {
            for (int i = 0; i < letters.length(); i++) {
                Optional<Option> option = Option.of(letters.charAt(i));
                if (option.isEmpty()) {
                    problem("unknown option "
                            + Quoted.text("-" + letters.substring(i, letters.offsetByCodePoints(i, 1))));
                    return;
                }
                boolean valueFollows = option.get().takesValue() && i + 1 < letters.length();
                if (valueFollows) {
                    values.put(option.get(), letters.substring(i + 1));
                    return;
                }
                put(option.get());
            }
        }

        private void put(Option option) {
            if (!option.takesValue()) {
                values.put(option, "");
            } else if (rest.hasNext()) {
                values.put(option, rest.next());
            } else {
                problem("option '" + option + "' needs a value: " + option.argument());
            }
        }

        private void refuseSurplus(String argument) {
            problem("surplus argument " + Quoted.text(argument));
        }

        private void problem(String text) {
            problems.add(new Problem("", text));
        }
    }
}
