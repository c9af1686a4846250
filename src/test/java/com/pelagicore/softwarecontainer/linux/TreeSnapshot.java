package com.pelagicore.softwarecontainer.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that tools of the system tell about a tree, as sorted lines. */
final class TreeSnapshot {

    /** Type, mode, owner, time and link target; then device numbers, content, attributes, names of one file. */
    private static final String LIST =
            """
            cd "$1"
            find . -printf '%P|%y|%m|%U:%G|%T@|%l\\n'
            find . -type b -o -type c | sort | xargs -r stat -c '%n|device|%t:%T'
            find . -type f -print0 | xargs -0r sha256sum
            find . ! -type l -print0 | xargs -0r getfattr -d -m '^(user|security|trusted.[^o])' -e hex | grep -v '^$' | paste -s -d ' ' | sed 's/# file: /\\n/g' | sed 's/ *$//'
            find . -type f -links +1 -printf '%D:%i %P\\n' | sort | awk '{ if ($1 == last) print "same file|" name "|" $2; last = $1; name = $2 }'
            """;

    private TreeSnapshot() {}

    static List<String> of(Path root) {
        List<String> lines = new ArrayList<>(run(LIST, root));
        lines.sort(null);
        return lines;
    }

    /** What the tree does not have and what it has too much; empty if it is as it was. */
    static List<String> differences(Path root, List<String> expected) {
        List<String> actual = of(root);
        List<String> differences = new ArrayList<>();
        expected.stream().filter(line -> !actual.contains(line)).forEach(line -> differences.add("- " + line));
        actual.stream().filter(line -> !expected.contains(line)).forEach(line -> differences.add("+ " + line));
        return differences;
    }

    /** Runs a script with the path as its first argument. */
    static List<String> run(String script, Path argument) {
        try {
            Process shell = new ProcessBuilder("sh", "-ec", script, "sh", argument.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            if (shell.waitFor() != 0) {
                throw new IllegalStateException("script ended with " + shell.exitValue() + ": " + script);
            }
            return output.lines().toList();
        } catch (IOException | InterruptedException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
