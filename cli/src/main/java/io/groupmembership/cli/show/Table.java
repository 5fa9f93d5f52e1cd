package io.groupmembership.cli.show;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Left-aligned columns under a heading, three spaces apart, as kubectl prints them; the last column is not padded. */
public final class Table {
    private static final int GAP = 3;

    private final List<String[]> rows = new ArrayList<>();
    private final int columns;

    public Table(String... headings) {
        columns = headings.length;
        rows.add(headings.clone());
    }

    /** Adds a row, one cell for each heading; an empty cell shows as a dash. */
    public Table row(Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(columns + " columns, but " + cells.length + " cells");
        }
        String[] row = new String[columns];
        for (int i = 0; i < columns; i++) {
            String cell = printable(String.valueOf(cells[i]));
            row[i] = cell.isEmpty() ? "-" : cell;
        }
        rows.add(row);
        return this;
    }

    /** The lines, the headings first. */
    public List<String> lines() {
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        List<String> lines = new ArrayList<>(rows.size());
        StringBuilder line = new StringBuilder();
        for (String[] row : rows) {
            line.setLength(0);
            for (int i = 0; i < columns; i++) {
                line.append(row[i]);
                if (i < columns - 1) {
                    line.repeat(' ', widths[i] - row[i].length() + GAP);
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }

    public void print(PrintStream out) {
        lines().forEach(out::println);
    }

    /** Metadata comes from members: a control character in it must not reach the terminal. */
    public static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
