package io.spyhop.metrics.history;

import io.spyhop.contracts.metric.Point;
import io.spyhop.contracts.metric.Series;
import io.spyhop.contracts.metric.SeriesAnswer;
import io.spyhop.metrics.store.Figure;
import io.spyhop.metrics.store.RollUpSql;
import io.spyhop.metrics.store.Tier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the series of one {@link Plan}: what is rolled up from its tier, and from samples what is not, or is late. Lines are
 * told apart by numbers within the statement. Used once.
 */
final class SeriesReader {
    private static final String PROGRESS = """
        SELECT minutes_through, hours_through, EXISTS (SELECT FROM metrics.late) FROM metrics.progress\
        """;

    private static final String GIVEN =
            "WITH given AS (SELECT * FROM unnest(?::int[], ?::int[], ?::int[]) AS g (instance_id, line, interval_s)),\n";

    /** A figure of the answer: the name and the unit of its series, and how it is computed. */
    private record Column(String name, String unit, String sql) {}

    /** What a statement that reads parts may leave out. */
    private record Sources(long through, boolean late) {}

    private final Connection connection;
    private final Plan plan;
    private final List<Line> lines;

    /** The names of the lines, in the order of their numbers. */
    private final List<String> names;

    SeriesReader(Connection connection, Plan plan, List<Line> lines) {
        this.connection = connection;
        this.plan = plan;
        this.lines = lines;
        this.names = lines.stream()
                .map(Line::name)
                .distinct()
                .sorted(SeriesReader::byNumberOrName)
                .toList();
    }

    /** Averages and bounds of each line: instances that follow each other continue it. */
    SeriesAnswer ofInstances() throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            columns.add(new Column(figure.series(), figure.unit(), RollUpSql.weighted("part", figure)));
            if (figure.bounded()) {
                columns.add(new Column(figure.series() + "Min", figure.unit(), "min(part." + figure.least() + ")"));
                columns.add(new Column(figure.series() + "Max", figure.unit(), "max(part." + figure.most() + ")"));
            }
        }
        Sources sources = sources();
        String sql = GIVEN + parts(sources) + "SELECT line, " + bucket() + ", " + join(columns, Column::sql)
                + " FROM part GROUP BY 1, 2 ORDER BY 1, 2";
        return answer(columns, read(sql, sources, columns.size()), false);
    }

    /**
     * What all instances of a group use together: the average over each bucket, and bounds. Sums of an instance's averages, least
     * and most are made for each bucket of the tier, which the rolled-up rows hold ready; only what is read from samples is
     * put together for each instance first. The true sum was between the bounds, mostly well within: instances are seldom at
     * their most at the same moment. In the least, one that lived for less than half of a bucket counts for nothing.
     */
    SeriesAnswer ofGroups(Instant now) throws SQLException {
        List<Column> columns = new ArrayList<>();
        List<Column> parts = new ArrayList<>();
        String elapsed = "least(" + plan.step() + ", " + secondsSince(bucket(), now) + ")";
        for (Figure figure : Figure.values()) {
            if (figure == Figure.MEM_LIMIT) {
                continue;
            }
            String seconds = "part." + figure.seconds();
            parts.add(new Column(
                    figure.average(), "", "sum(part." + figure.average() + "::float8 * least(" + seconds + ", len))"));
            columns.add(new Column(figure.series(), figure.unit(), "sum(part." + figure.average() + ") / " + elapsed));
            if (figure.bounded()) {
                parts.add(new Column(
                        figure.least(),
                        "",
                        "sum(CASE WHEN 2 * " + seconds + " < len THEN 0 * part." + figure.least() + " ELSE part."
                                + figure.least() + " END)"));
                parts.add(new Column(figure.most(), "", "sum(part." + figure.most() + ")"));
                columns.add(new Column(figure.series() + "Min", figure.unit(), "min(part." + figure.least() + ")"));
                columns.add(new Column(figure.series() + "Max", figure.unit(), "max(part." + figure.most() + ")"));
            }
        }
        Sources sources = sources();
        String sql = GIVEN + partsOfInstances(sources, now) + "SELECT line, " + bucket() + ", "
                + join(columns, Column::sql) + " FROM (SELECT line, at, "
                + join(parts, part -> part.sql() + " AS " + part.name())
                + " FROM part GROUP BY line, at) AS part GROUP BY 1, 2 ORDER BY 1, 2";
        return answer(columns, read(sql, sources, columns.size()), true);
    }

    private SeriesAnswer answer(List<Column> columns, List<List<Point>> points, boolean groups) {
        List<Series> series = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            for (int line = 0; line < names.size(); line++) {
                List<Point> found = points.get(line * columns.size() + column);
                if (!found.isEmpty()) {
                    series.add(new Series(
                            columns.get(column).name(),
                            columns.get(column).unit(),
                            groups ? null : Integer.valueOf(names.get(line)),
                            groups ? names.get(line) : null,
                            found));
                }
            }
        }
        return new SeriesAnswer(plan.begin(), plan.end(), plan.step(), series);
    }

    private Sources sources() throws SQLException {
        if (plan.tier() == Tier.SAMPLES) {
            return new Sources(plan.from(), false);
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PROGRESS)) {
            row.next();
            Instant through =
                    row.getTimestamp(plan.tier() == Tier.HOURS ? 2 : 1).toInstant();
            return new Sources(Math.clamp(through.getEpochSecond(), plan.from(), plan.to()), row.getBoolean(3));
        }
    }

    /** The begin of the bucket that something is in; the step is a number of this plan, not of whoever asks. */
    private String bucket() {
        return "date_bin('" + plan.step() + " seconds', part.at, 'epoch')";
    }

    private String parts(Sources sources) {
        return "part AS ("
                + parts(sources, "g.line", "SELECT g.line, s.slot AS at, " + RollUpSql.sampleAsBucket("s"), "") + ")\n";
    }

    /** One row for each instance and bucket of the tier, with the seconds that it may stand for. */
    private String partsOfInstances(Sources sources, Instant now) {
        long bucket = plan.tier() == Tier.SAMPLES ? plan.step() : plan.tier().seconds();
        // An instance that is sampled less often has one in some buckets, which stands for the others too.
        String length = "greatest(" + bucket + ", g.interval_s)";
        String at = "date_bin('" + bucket + " seconds', s.slot, 'epoch')";
        return "part (line, len, at, " + String.join(", ", RollUpSql.columns()) + ") AS ("
                + parts(
                        sources,
                        "g.line, " + length,
                        "SELECT g.line, least(" + length + ", " + secondsSince(at, now) + "), " + at + ", "
                                + RollUpSql.ofSamples("s"),
                        " GROUP BY g.line, g.interval_s, g.instance_id, " + at)
                + ")\n";
    }

    /** Seconds from a time to now, 1 at least; now is a number of ours. */
    private static String secondsSince(String at, Instant now) {
        return "greatest(1, " + now.getEpochSecond() + " - date_part('epoch', " + at + "))";
    }

    /**
     * What is rolled up and not late, and what must be read from samples.
     *
     * @param given what rolled-up rows have before their time and figures
     * @param samples the beginning of a statement that reads samples
     * @param end its end
     */
    private String parts(Sources sources, String given, String samples, String end) {
        List<String> parts = new ArrayList<>();
        String tier = plan.tier().table();
        String seconds = plan.tier().seconds() + " seconds";
        if (plan.from() < sources.through()) {
            String late = sources.late()
                    ? " AND NOT EXISTS (SELECT FROM metrics.late l WHERE l.instance_id = r.instance_id AND l.bucket >="
                            + " r.bucket AND l.bucket < r.bucket + interval '" + seconds + "')"
                    : "";
            parts.add("SELECT " + given + ", r.bucket AS at, " + RollUpSql.bucket("r") + " FROM given g JOIN metrics."
                    + tier + " r USING (instance_id) WHERE r.bucket >= to_timestamp(?) AND r.bucket < to_timestamp(?)"
                    + late);
            if (sources.late()) {
                parts.add(samples
                        + " FROM (SELECT DISTINCT instance_id, date_bin('" + seconds
                        + "', bucket, 'epoch') AS bucket FROM metrics.late WHERE bucket >= to_timestamp(?) AND bucket"
                        + " < to_timestamp(?)) AS l JOIN given g USING (instance_id) JOIN metrics.sample s ON"
                        + " s.instance_id = l.instance_id AND s.slot >= l.bucket AND s.slot <"
                        + " l.bucket + interval '" + seconds + "'" + end);
            }
        }
        if (sources.through() < plan.to()) {
            parts.add(samples + " FROM given g JOIN metrics.sample s USING (instance_id)"
                    + " WHERE s.slot >= to_timestamp(?) AND s.slot < to_timestamp(?)" + end);
        }
        return String.join("\nUNION ALL\n", parts);
    }

    /**
     * Runs a statement whose rows are line, bucket and figures.
     *
     * @return the points of each figure of each line
     */
    private List<List<Point>> read(String sql, Sources sources, int figures) throws SQLException {
        List<List<Point>> points = new ArrayList<>();
        for (int i = 0; i < names.size() * figures; i++) {
            points.add(new ArrayList<>());
        }
        if (names.isEmpty()) {
            return points;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, sources);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int line = row.getInt(1);
                    long at = row.getTimestamp(2).getTime();
                    for (int i = 0; i < figures; i++) {
                        double value = row.getDouble(3 + i);
                        if (!row.wasNull()) {
                            points.get(line * figures + i).add(new Point(at, Figure.told(value)));
                        }
                    }
                }
            }
        }
        return points;
    }

    private void bind(PreparedStatement statement, Sources sources) throws SQLException {
        Map<String, Integer> numbers = new HashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        int next = 1;
        statement.setArray(
                next++,
                connection.createArrayOf(
                        "int4", lines.stream().map(Line::instance).toArray()));
        statement.setArray(
                next++,
                connection.createArrayOf(
                        "int4",
                        lines.stream().map(line -> numbers.get(line.name())).toArray()));
        statement.setArray(
                next++,
                connection.createArrayOf(
                        "int4", lines.stream().map(Line::intervalSeconds).toArray()));
        if (plan.from() < sources.through()) {
            for (int i = 0; i < (sources.late() ? 2 : 1); i++) {
                statement.setLong(next++, plan.from());
                statement.setLong(next++, sources.through());
            }
        }
        if (sources.through() < plan.to()) {
            statement.setLong(next++, sources.through());
            statement.setLong(next++, plan.to());
        }
    }

    private static String join(List<Column> columns, Function<Column, String> text) {
        return columns.stream().map(text).collect(Collectors.joining(", "));
    }

    private static int byNumberOrName(String one, String other) {
        boolean numbers = isNumber(one) && isNumber(other);
        return numbers ? Integer.compare(Integer.parseInt(one), Integer.parseInt(other)) : one.compareTo(other);
    }

    private static boolean isNumber(String text) {
        return text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
