package com.pelagicore.softwarecontainer.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes a completion for zsh, zshcompsys(1): picocli has one for bash only. */
final class ZshCompletion {

    /** What completes values, by the label that help shows. */
    private static final Map<String, String> ACTIONS = Map.of(
            "CONTAINER", "_softwarecontainer_containers",
            "CAPABILITY", "_softwarecontainer_capabilities",
            "HOST:PATH[:rw]", "_files",
            "PROGRAM", "_normal",
            "COMMAND", "_softwarecontainer_commands",
            "SHELL", "(bash zsh)");

    private static final String HEAD =
            """
            #compdef softwarecontainer
            # Completion of softwarecontainer(1) for zsh, written by 'softwarecontainer completion zsh'.

            _softwarecontainer_containers() {
              local -a containers
              containers=(${(f)"$(_call_program containers softwarecontainer list 2>/dev/null | awk 'NR > 1 { print $1 }')"})
              compadd -a containers
            }

            _softwarecontainer_capabilities() {
              local -a capabilities
              capabilities=(${(f)"$(_call_program capabilities softwarecontainer capabilities 2>/dev/null)"})
              compadd -a capabilities
            }

            """;

    private ZshCompletion() {}

    /** The whole script. */
    static String of(CommandLine tool) {
        Map<String, CommandLine> commands = tool.getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
        return HEAD + describing(commands) + dispatching(tool, commands) + "_softwarecontainer \"$@\"\n";
    }

    private static String describing(Map<String, CommandLine> commands) {
        String lines = commands.entrySet().stream()
                .map(command -> "    " + quoted(command.getKey() + ":" + description(command.getValue())) + "\n")
                .collect(Collectors.joining());
        return "_softwarecontainer_commands() {\n  local -a commands\n  commands=(\n" + lines
                + "  )\n  _describe -t commands command commands\n}\n\n";
    }

    private static String description(CommandLine command) {
        return command.getCommandSpec().usageMessage().description()[0];
    }

    private static String dispatching(CommandLine tool, Map<String, CommandLine> commands) {
        List<String> general = new ArrayList<>(options(tool));
        general.add("'1: :_softwarecontainer_commands'");
        general.add("'*:: :->arguments'");
        String cases = commands.entrySet().stream()
                .map(command -> "    " + command.getKey() + ")\n      _arguments -s -S "
                        + lines(arguments(command.getValue()), "        ") + "\n      ;;\n")
                .collect(Collectors.joining());
        return "_softwarecontainer() {\n  local curcontext=\"$curcontext\" state line\n  local -A opt_args\n"
                + "  _arguments -C -S " + lines(general, "    ") + " && return\n"
                + "  [[ $state = arguments ]] || return 1\n  case $line[1] in\n" + cases + "  esac\n}\n\n";
    }

    private static String lines(List<String> arguments, String indentation) {
        return arguments.stream().map(each -> "\\\n" + indentation + each).collect(Collectors.joining(" "));
    }

    private static List<String> arguments(CommandLine command) {
        List<String> arguments = new ArrayList<>(options(command));
        command.getCommandSpec().positionalParameters().stream()
                .map(ZshCompletion::positional)
                .forEach(arguments::add);
        return arguments;
    }

    private static String positional(PositionalParamSpec parameter) {
        String label = parameter.paramLabel();
        boolean isProgram = label.equals("PROGRAM");
        String place = parameter.arity().isVariable() || parameter.index().isVariable()
                ? (isProgram ? "*::" : "*:")
                : parameter.index().min() + 1 + (parameter.arity().min() == 0 ? "::" : ":");
        return quoted(place + escaped(label) + ":" + ACTIONS.getOrDefault(label, " "));
    }

    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(ZshCompletion::option)
                .toList();
    }

    private static String option(OptionSpec option) {
        boolean hasValue = option.arity().max() > 0;
        List<String> names = new ArrayList<>(List.of(option.names()));
        String equals = hasValue ? "=" : "";
        String value = hasValue ? ":" + escaped(option.paramLabel()) + ":" + values(option) : "";
        String text = quoted("[" + escaped(plain(option)) + "]" + value);
        String repeat = option.isMultiValue() ? "\\*" : "";
        String spelled = names.stream()
                .map(name -> repeat + name + (name.startsWith("--") ? equals : hasValue ? "+" : ""))
                .collect(Collectors.joining(","));
        return (names.size() > 1 ? "{" + spelled + "}" : spelled) + text;
    }

    private static String values(OptionSpec option) {
        if (option.completionCandidates() == null) {
            return ACTIONS.getOrDefault(option.paramLabel(), " ");
        }
        return StreamSupport.stream(option.completionCandidates().spliterator(), false)
                .collect(Collectors.joining(" ", "(", ")"));
    }

    private static String plain(OptionSpec option) {
        return Ansi.OFF.text(String.join(" ", option.description())).toString();
    }

    /** Within an argument of _arguments. */
    private static String escaped(String text) {
        return text.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
