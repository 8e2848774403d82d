package io.spyhop.metrics.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The text of the statements that roll up: the same for every {@link Figure}. Immutable. */
public final class RollUpSql {
    private RollUpSql() {}

    /** The columns of a rolled-up row that this class makes, without its key. */
    public static List<String> columns() {
        List<String> columns = new ArrayList<>(List.of("covered_s"));
        for (Figure figure : Figure.values()) {
            if (!figure.alwaysKnown()) {
                columns.add(figure.seconds());
            }
            columns.addAll(List.of(figure.average(), figure.least(), figure.most()));
        }
        return columns;
    }

    /**
     * What samples come to, in the order of {@link #columns}.
     *
     * @param alias of the table of samples
     */
    public static String ofSamples(String alias) {
        List<String> values = new ArrayList<>(List.of(seconds("sum(" + alias + ".interval_s)")));
        for (Figure figure : Figure.values()) {
            String value = alias + "." + figure.column();
            String weight = "sum(" + alias + ".interval_s) FILTER (WHERE " + value + " IS NOT NULL)";
            if (!figure.alwaysKnown()) {
                values.add(seconds("coalesce(" + weight + ", 0)"));
            }
            values.add("sum(" + value + "::float8 * " + alias + ".interval_s) / " + weight);
            values.add("min(" + value + ")");
            values.add("max(" + value + ")");
        }
        return String.join(",\n    ", values);
    }

    /** What rolled-up rows come to, in the order of {@link #columns}. */
    static String ofBuckets(String alias) {
        List<String> values = new ArrayList<>(List.of(seconds("sum(" + alias + ".covered_s)")));
        for (Figure figure : Figure.values()) {
            String weight = "sum(" + alias + "." + figure.seconds() + ")";
            if (!figure.alwaysKnown()) {
                values.add(seconds(weight));
            }
            values.add(weighted(alias, figure));
            values.add("min(" + alias + "." + figure.least() + ")");
            values.add("max(" + alias + "." + figure.most() + ")");
        }
        return String.join(",\n    ", values);
    }

    /** The average of averages, each by the seconds that it stands for. */
    public static String weighted(String alias, Figure figure) {
        return "sum(%1$s.%2$s::float8 * %1$s.%3$s) / nullif(sum(%1$s.%3$s), 0)"
                .formatted(alias, figure.average(), figure.seconds());
    }

    /** A sample as a rolled-up row has it, by the same names as there. */
    public static String sampleAsBucket(String alias) {
        String prefix = alias + ".";
        return prefix + "interval_s AS covered_s, "
                + Arrays.stream(Figure.values())
                        .map(figure -> {
                            String value = prefix + figure.column();
                            String weight = figure.alwaysKnown()
                                    ? ""
                                    : "CASE WHEN " + value + " IS NULL THEN 0 ELSE " + prefix + "interval_s END AS "
                                            + figure.seconds() + ", ";
                            return weight + value + " AS " + figure.average() + ", " + value + " AS " + figure.least()
                                    + ", " + value + " AS " + figure.most();
                        })
                        .collect(Collectors.joining(", "));
    }

    /** The columns of a rolled-up row, in the order of {@link #sampleAsBucket}. */
    public static String bucket(String alias) {
        return columns().stream().map(column -> alias + "." + column).collect(Collectors.joining(", "));
    }

    /** Makes rows of a tier; one that is there becomes what is given. */
    static String into(Tier tier, String select) {
        return """
            INSERT INTO metrics.%s (instance_id, bucket, %s)
            %s
            ON CONFLICT (instance_id, bucket) DO UPDATE SET %s\
            """.formatted(
                        tier.table(),
                        String.join(", ", columns()),
                        select,
                        columns().stream()
                                .map(column -> column + " = excluded." + column)
                                .collect(Collectors.joining(", ")));
    }

    /** Seconds of a bucket that was filled with intervals of several lengths may exceed the type of the column. */
    private static String seconds(String sum) {
        return "least(" + sum + ", 32767)::smallint";
    }
}
