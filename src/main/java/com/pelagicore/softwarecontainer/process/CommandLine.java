package com.pelagicore.softwarecontainer.process;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a POSIX shell does (quotes and backslash; XCU 2.2), and expands nothing.
 * A newline outside quotes separates words.
 */
public final class CommandLine {

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private CommandLine(String text) {
        this.text = text;
    }

    /**
     * The words of a command line; at least one.
     *
     * @throws SoftwareContainerException INVALID_ARGUMENT if there is none or a quote is not closed
     */
    public static List<String> split(String text) {
        CommandLine commandLine = new CommandLine(text);
        commandLine.split();
        if (commandLine.words.isEmpty()) {
            throw invalid("The command line is empty");
        }
        return commandLine.words;
    }

    private void split() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case ' ', '\t', '\n' -> endWord();
                case '\'' -> singleQuoted(at - 1);
                case '"' -> doubleQuoted(at - 1);
                case '\\' -> escaped();
                default -> add(c);
            }
        }
        endWord();
    }

    private void singleQuoted(int opening) {
        int closing = text.indexOf('\'', at);
        if (closing < 0) {
            throw unbalanced('\'', opening);
        }
        inWord = true;
        word.append(text, at, closing);
        at = closing + 1;
    }

    private void doubleQuoted(int opening) {
        inWord = true;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c == '\\' && at < text.length() && "$`\"\\\n".indexOf(text.charAt(at)) >= 0) {
                c = text.charAt(at++);
                if (c == '\n') {
                    continue;
                }
            }
            word.append(c);
        }
        throw unbalanced('"', opening);
    }

    private void escaped() {
        if (at == text.length()) {
            throw invalid("The command line ends in a backslash that escapes nothing");
        }
        char c = text.charAt(at++);
        if (c != '\n') {
            add(c);
        }
    }

    private void add(char c) {
        inWord = true;
        word.append(c);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private static SoftwareContainerException unbalanced(char quote, int opening) {
        return invalid("The command line has an unbalanced quote: the " + quote + " at character " + (opening + 1)
                + " is not closed");
    }

    private static SoftwareContainerException invalid(String message) {
        return new SoftwareContainerException(ErrorKind.INVALID_ARGUMENT, message);
    }
}
