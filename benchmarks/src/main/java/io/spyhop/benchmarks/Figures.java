package io.spyhop.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured, in the order of its first appearance, printed as one Markdown table. Not thread-safe. */
final class Figures {
    private final Map<Figure, List<Double>> values = new LinkedHashMap<>();

    /**
     * One thing that is measured.
     *
     * @param goal what it should be; empty where it is there to be compared with
     */
    record Figure(String name, String unit, int decimals, String goal) {
        String format(double value) {
            return String.format(Locale.ROOT, "%,." + decimals + "f", value);
        }
    }

    /** Adds what one round gave. */
    void add(Figure figure, double value) {
        values.computeIfAbsent(figure, key -> new ArrayList<>()).add(value);
    }

    /** The median of what the rounds gave; empty where nothing was measured. */
    OptionalDouble median(Figure figure) {
        double[] all = of(figure);
        return all.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(quantile(all, 0.5));
    }

    /** The table. */
    String table() {
        StringBuilder out =
                new StringBuilder("| figure | median | min | max | rounds | goal |\n|---|---:|---:|---:|---:|---|\n");
        for (Figure figure : values.keySet()) {
            double[] all = of(figure);
            out.append("| %s, %s | %s | %s | %s | %d | %s |\n"
                    .formatted(
                            figure.name(),
                            figure.unit(),
                            figure.format(quantile(all, 0.5)),
                            figure.format(quantile(all, 0)),
                            figure.format(quantile(all, 1)),
                            all.length,
                            figure.goal()));
        }
        return out.toString();
    }

    private double[] of(Figure figure) {
        return values.getOrDefault(figure, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** The smallest value that at least that share of the values does not exceed. */
    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }
}
