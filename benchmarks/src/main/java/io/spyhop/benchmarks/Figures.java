package io.spyhop.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, by name in the order of its first appearance, printed as one Markdown table. Not thread-safe. */
final class Figures {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private record Row(String unit, int decimals, String goal, List<Double> values) {}

    /** Declares a figure; figures are printed in the order of their declaration. */
    void declare(String name, String unit, int decimals, String goal) {
        rows.put(name, new Row(unit, decimals, goal, new ArrayList<>()));
    }

    /** Adds what one round gave. */
    void add(String name, double value) {
        row(name).values().add(value);
    }

    private Row row(String name) {
        Row row = rows.get(name);
        if (row == null) {
            throw new IllegalArgumentException(name);
        }
        return row;
    }

    /** The table; figures that nothing was measured of are left out. */
    String table() {
        StringBuilder out =
                new StringBuilder("| figure | median | min | max | rounds | goal |\n|---|---:|---:|---:|---:|---|\n");
        rows.forEach((name, row) -> {
            double[] values =
                    row.values().stream().mapToDouble(Double::doubleValue).toArray();
            if (values.length > 0) {
                out.append("| ")
                        .append(name)
                        .append(", ")
                        .append(row.unit())
                        .append(" | ")
                        .append(format(row, quantile(values, 0.5)))
                        .append(" | ")
                        .append(format(row, quantile(values, 0)))
                        .append(" | ")
                        .append(format(row, quantile(values, 1)))
                        .append(" | ")
                        .append(values.length)
                        .append(" | ")
                        .append(row.goal())
                        .append(" |\n");
            }
        });
        return out.toString();
    }

    private static String format(Row row, double value) {
        return String.format(Locale.ROOT, "%,." + row.decimals() + "f", value);
    }

    /** The smallest value that at least that share of the values does not exceed. */
    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }
}
