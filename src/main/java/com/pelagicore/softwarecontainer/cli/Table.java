package com.pelagicore.softwarecontainer.cli;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.ArrayList;
import java.util.List;

/** Text in columns, for people. Control characters are escaped: a terminal would obey them. */
final class Table {

    private static final String GAP = "  ";
    private static final int LONGEST_CELL = 300;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        row(headings);
    }

    void row(String... cells) {
        rows.add(List.of(cells).stream()
                .map(cell -> Quoted.line(cell, LONGEST_CELL))
                .toList());
    }

    /** Lines without blanks at their end. */
    @Override
    public String toString() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
