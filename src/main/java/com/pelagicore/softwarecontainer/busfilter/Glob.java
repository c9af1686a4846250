package com.pelagicore.softwarecontainer.busfilter;

/** A text with {@code *} for any characters and {@code ?} for one; an empty one matches nothing. */
record Glob(String pattern) {

    /** Whether it matches everything, also what is not there. */
    boolean matchesAll() {
        return !pattern.isEmpty() && pattern.chars().allMatch(c -> c == '*');
    }

    /** Whether it matches nothing. */
    boolean isEmpty() {
        return pattern.isEmpty();
    }

    boolean isLiteral() {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }

    /** Needs time in proportion to the product of the lengths at worst. */
    boolean matches(String text) {
        if (pattern.isEmpty()) {
            return false;
        }
        int p = 0;
        int t = 0;
        int star = -1;
        int afterStar = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                afterStar = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++afterStar;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
