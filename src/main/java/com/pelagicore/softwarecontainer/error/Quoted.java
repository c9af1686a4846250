package com.pelagicore.softwarecontainer.error;

/** Text from outside, made fit for a message: in quotes, on one line, never long. */
public final class Quoted {

    /** No more than this of a foreign text gets into a message. */
    public static final int MAX_CHARACTERS = 100;

    private Quoted() {}

    /** The text in single quotes; control characters are escaped, a long text is cut and its length given. */
    public static String text(String foreign) {
        String quoted = "'" + line(foreign, MAX_CHARACTERS) + "'";
        return foreign.length() <= MAX_CHARACTERS ? quoted : quoted + " (" + foreign.length() + " characters)";
    }

    /** The text without quotes, cut if it is longer than {@code maxCharacters}. */
    public static String line(String foreign, int maxCharacters) {
        return foreign.length() <= maxCharacters ? escaped(foreign) : escaped(start(foreign, maxCharacters)) + "…";
    }

    private static String start(String foreign, int characters) {
        boolean splitsPair = Character.isHighSurrogate(foreign.charAt(characters - 1));
        return foreign.substring(0, splitsPair ? characters - 1 : characters);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
