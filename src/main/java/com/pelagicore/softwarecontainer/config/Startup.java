package com.pelagicore.softwarecontainer.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What the command line and the configuration file ask for. */
public sealed interface Startup {

    /** Read if no other is named; may be missing. */
    Path DEFAULT_CONFIG_FILE = Path.of("/etc/softwarecontainer/softwarecontainer-config");

    /**
     * Reads the command line and the configuration file. Never throws.
     *
     * @param arguments as given to main
     * @param currentDirectory absolute; relative paths are taken from there
     * @param version of the agent, for --version
     */
    static Startup of(List<String> arguments, Path currentDirectory, String version) {
        return new StartupReader(currentDirectory, DEFAULT_CONFIG_FILE, version).read(arguments);
    }

    /** Run the agent; the warnings are for the log. */
    record Run(DaemonConfig config, LogLevel logLevel, List<Problem> warnings) implements Startup {

        public Run {
            warnings = List.copyOf(warnings);
        }
    }

    /** Tell what the host offers to an agent of this configuration, and exit. */
    record Check(DaemonConfig config, List<Problem> warnings) implements Startup {

        public Check {
            warnings = List.copyOf(warnings);
        }
    }

    /** Print the text on stdout, exit with status 0. */
    record Print(String text) implements Startup {}

    /**
     * Print {@link #text} on stderr, exit with status 1.
     *
     * @param problems all of them; at least one
     * @param badUsage whether the command line itself is among the problems
     */
    record Refuse(List<Problem> problems, boolean badUsage) implements Startup {

        public Refuse {
            problems = List.copyOf(problems);
        }

        /** Lines, each ended. */
        public String text() {
            String lines = problems.stream()
                    .map(problem -> HelpText.PROGRAM + ": " + problem + "\n")
                    .collect(Collectors.joining());
            return badUsage ? lines + "Try '" + HelpText.PROGRAM + " --help'\n" : lines;
        }
    }
}
