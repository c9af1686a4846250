package com.pelagicore.softwarecontainer.config;

/** What --help and --version print. */
final class HelpText {

    static final String PROGRAM = "softwarecontainer-agent";

    private HelpText() {}

    static String help() {
        StringBuilder text = new StringBuilder();
        text.append("Usage: ").append(PROGRAM).append(" [OPTION...]\n");
        text.append("Creates LXC containers and launches applications in them, as told over D-Bus.\n\n");
        for (Option option : Option.values()) {
            text.append(String.format("  %-32s %s%n", forms(option), option.help()));
        }
        text.append("\nDefault of --config: ")
                .append(Startup.DEFAULT_CONFIG_FILE)
                .append("\n");
        return text.append("See softwarecontainer-agent(8), softwarecontainer-config(5).\n")
                .toString();
    }

    static String version(String version) {
        return PROGRAM + " " + version + "\n";
    }

    private static String forms(Option option) {
        String letter = option.letter() == '\0' ? "    " : "-" + option.letter() + ", ";
        return letter + option + (option.takesValue() ? "=" + option.argument() : "");
    }
}
