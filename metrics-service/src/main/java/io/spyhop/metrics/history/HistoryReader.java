package io.spyhop.metrics.history;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.AggregateQuery;
import io.spyhop.contracts.metric.GroupBy;
import io.spyhop.contracts.metric.SeriesAnswer;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.metrics.store.RetentionConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Answers questions for series, each within one snapshot of the database. Thread-safe. */
@ApplicationScoped
public class HistoryReader {
    private static final String COLUMNS =
            "SELECT instance_id, index, org, project, host, interval_s, first_on, last_on FROM metrics.instance\n";

    private static final String OF_WORKLOAD =
            COLUMNS + "WHERE workload_id = ? AND last_on >= ? AND first_on <= ? ORDER BY last_on DESC LIMIT ?";

    private static final String OF_ORGS = COLUMNS
            + "WHERE (cardinality(?::text[]) = 0 OR org = ANY (?)) AND last_on >= ? AND first_on <= ? "
            + "ORDER BY last_on DESC LIMIT ?";

    /** Instances of one question, the newest; more live and die within a year only where something is badly wrong. */
    private static final int INSTANCES_MAX = 100_000;

    private final AgroalDataSource dataSource;
    private final RetentionConfig kept;

    @Inject
    HistoryReader(@DataSource("usage") AgroalDataSource dataSource, RetentionConfig kept) {
        this.dataSource = dataSource;
        this.kept = kept;
    }

    /** The figures of a workload. */
    public SeriesAnswer series(WorkloadId workload, SeriesQuery query, Instant now) throws SQLException {
        try (Connection connection = snapshot()) {
            SeriesAnswer answer = reader(
                            connection, query, now, (from, to) -> ofWorkload(connection, workload, from, to))
                    .ofInstances();
            connection.commit();
            return answer;
        }
    }

    /** The figures of many workloads, added up. */
    public SeriesAnswer aggregate(AggregateQuery query, Instant now) throws SQLException {
        try (Connection connection = snapshot()) {
            SeriesAnswer answer = reader(
                            connection, query.range(), now, (from, to) -> ofOrgs(connection, query, from, to))
                    .ofGroups(now);
            connection.commit();
            return answer;
        }
    }

    /** Finds the instances that lived between two days. */
    private interface Lines {
        List<Line> between(LocalDate from, LocalDate to) throws SQLException;
    }

    private SeriesReader reader(Connection connection, SeriesQuery query, Instant now, Lines instances)
            throws SQLException {
        Plan.check(query);
        List<Line> lines = instances.between(day(query.from()), day(query.to()));
        Plan plan = Plan.of(query, Line.scope(lines, query), kept, now);
        // Whole buckets may reach over the ends of the range, to days when others lived.
        if (!day(plan.begin()).equals(day(query.from())) || !day(plan.end()).equals(day(query.to()))) {
            lines = instances.between(day(plan.begin()), day(plan.end()));
        }
        return new SeriesReader(connection, plan, lines);
    }

    private static List<Line> ofWorkload(Connection connection, WorkloadId workload, LocalDate from, LocalDate to)
            throws SQLException {
        List<Line> lines = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OF_WORKLOAD)) {
            statement.setString(1, workload.value());
            range(statement, 2, from, to);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(line(row, row.getString(2)));
                }
            }
        }
        return lines;
    }

    private static List<Line> ofOrgs(Connection connection, AggregateQuery query, LocalDate from, LocalDate to)
            throws SQLException {
        List<Line> lines = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OF_ORGS)) {
            Object[] orgs = query.orgs().toArray();
            statement.setArray(1, connection.createArrayOf("text", orgs));
            statement.setArray(2, connection.createArrayOf("text", orgs));
            range(statement, 3, from, to);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(line(row, group(query.group(), row)));
                }
            }
        }
        return lines;
    }

    private Connection snapshot() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void range(PreparedStatement statement, int first, LocalDate from, LocalDate to)
            throws SQLException {
        statement.setObject(first, from);
        statement.setObject(first + 1, to);
        statement.setInt(first + 2, INSTANCES_MAX);
    }

    private static String group(GroupBy by, ResultSet row) throws SQLException {
        String project = row.getString(4);
        return switch (by) {
            case ORG -> row.getString(3);
            case PROJECT -> row.getString(3) + "/" + (project == null ? "" : project);
            case HOST -> row.getString(5);
        };
    }

    private static Line line(ResultSet row, String name) throws SQLException {
        return new Line(
                row.getInt(1),
                name,
                row.getInt(6),
                row.getObject(7, LocalDate.class),
                row.getObject(8, LocalDate.class));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
