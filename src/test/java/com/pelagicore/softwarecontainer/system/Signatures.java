package com.pelagicore.softwarecontainer.system;

import java.util.ArrayList;
import java.util.List;

/** D-Bus type signatures. */
final class Signatures {

    private Signatures() {}

    /** The complete types in a signature. */
    static List<String> split(String signature) {
        List<String> types = new ArrayList<>();
        int at = 0;
        while (at < signature.length()) {
            int end = endOfType(signature, at);
            types.add(signature.substring(at, end));
            at = end;
        }
        return types;
    }

    static int alignment(String type) {
        return switch (type.charAt(0)) {
            case 'y', 'g', 'v' -> 1;
            case 'n', 'q' -> 2;
            case 'x', 't', 'd', '(', '{' -> 8;
            default -> 4;
        };
    }

    private static int endOfType(String signature, int start) {
        char first = signature.charAt(start);
        if (first == 'a') {
            return endOfType(signature, start + 1);
        }
        if (first != '(' && first != '{') {
            return start + 1;
        }
        int at = start + 1;
        while (signature.charAt(at) != ')' && signature.charAt(at) != '}') {
            at = endOfType(signature, at);
        }
        return at + 1;
    }
}
