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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the series of one {@link Plan}: what is rolled up from its tier, and from samples what is not, or is late. Lines are
 * told apart by numbers within the statement. Used once.
 */
final class SeriesReader {
    private static final String PROGRESS = """
        SELECT minutes_through, hours_through, EXISTS (SELECT FROM metrics.late) FROM metrics.progress\
        """;

    private static final String GIVEN =
            "WITH given AS (SELECT * FROM unnest(?::int[], ?::int[]) AS g (instance_id, line)),\n";

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
        return answer(columns, read(sql, sources, null, columns.size()), false);
    }

    /** The averages, over each bucket, of the sums of all instances of a group. */
    SeriesAnswer ofGroups(Instant now) throws SQLException {
        List<Column> columns = Arrays.stream(Figure.values())
                .filter(figure -> figure != Figure.MEM_LIMIT)
                .map(figure -> new Column(
                        figure.series(),
                        figure.unit(),
                        RollUpSql.weighted("part", figure) + " * least(1, sum(part." + figure.seconds()
                                + ") / least(?, greatest(1, date_part('epoch', to_timestamp(?) - " + bucket()
                                + ")))) AS " + figure.series()))
                .toList();
        Sources sources = sources();
        String sql = GIVEN + parts(sources) + "SELECT line, bucket, "
                + join(columns, column -> "sum(" + column.name() + ")") + " FROM (SELECT line, " + bucket()
                + " AS bucket, " + join(columns, Column::sql) + " FROM part GROUP BY line, instance_id, 2) AS one"
                + " GROUP BY 1, 2 ORDER BY 1, 2";
        return answer(columns, read(sql, sources, now, columns.size()), true);
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
        List<String> parts = new ArrayList<>();
        String tier = plan.tier().table();
        String seconds = plan.tier().seconds() + " seconds";
        if (plan.from() < sources.through()) {
            String late = sources.late()
                    ? " AND NOT EXISTS (SELECT FROM metrics.late l WHERE l.instance_id = r.instance_id AND l.bucket >="
                            + " r.bucket AND l.bucket < r.bucket + interval '" + seconds + "')"
                    : "";
            parts.add("SELECT g.line, g.instance_id, r.bucket AS at, " + RollUpSql.bucket("r")
                    + " FROM given g JOIN metrics." + tier
                    + " r USING (instance_id) WHERE r.bucket >= to_timestamp(?) AND r.bucket < to_timestamp(?)" + late);
            if (sources.late()) {
                parts.add("SELECT g.line, g.instance_id, s.slot, " + RollUpSql.sampleAsBucket("s")
                        + " FROM (SELECT DISTINCT instance_id, date_bin('" + seconds
                        + "', bucket, 'epoch') AS bucket FROM metrics.late WHERE bucket >= to_timestamp(?) AND bucket"
                        + " < to_timestamp(?)) AS l JOIN given g USING (instance_id) JOIN metrics.sample s ON"
                        + " s.instance_id = l.instance_id AND s.slot >= l.bucket AND s.slot <"
                        + " l.bucket + interval '" + seconds + "'");
            }
        }
        if (sources.through() < plan.to()) {
            parts.add("SELECT g.line, g.instance_id, s.slot AS at, " + RollUpSql.sampleAsBucket("s")
                    + " FROM given g JOIN metrics.sample s USING (instance_id)"
                    + " WHERE s.slot >= to_timestamp(?) AND s.slot < to_timestamp(?)");
        }
        return "part AS (" + String.join("\nUNION ALL\n", parts) + ")\n";
    }

    /**
     * Runs a statement whose rows are line, bucket and figures.
     *
     * @param now up to when time has gone by, where the statement asks for it
     * @return the points of each figure of each line
     */
    private List<List<Point>> read(String sql, Sources sources, @Nullable Instant now, int figures)
            throws SQLException {
        List<List<Point>> points = new ArrayList<>();
        for (int i = 0; i < names.size() * figures; i++) {
            points.add(new ArrayList<>());
        }
        if (names.isEmpty()) {
            return points;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, sources, now, figures);
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

    private void bind(PreparedStatement statement, Sources sources, @Nullable Instant now, int figures)
            throws SQLException {
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
        if (now != null) {
            for (int i = 0; i < figures; i++) {
                statement.setLong(next++, plan.step());
                statement.setLong(next++, now.getEpochSecond());
            }
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
