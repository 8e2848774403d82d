package io.spyhop.lifecycle.crash;

import com.fasterxml.jackson.core.type.TypeReference;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.crash.Crash;
import io.spyhop.contracts.crash.CrashGroup;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.SignalName;
import io.spyhop.lifecycle.catalogue.CrashLoops;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads crashes. Thread-safe. */
@ApplicationScoped
class CrashReader implements CrashLoops, StoredEnds {
    private static final String COLUMNS = """
            c.n, c.facts, c.crash_loop, c.error, c.through IS NOT NULL AS complete, c.cgroup_kills,
            g.fingerprint, g.count, g.first_at, g.first_n, g.last_at""";
    private static final String FROM = """
             FROM lifecycle.crash c LEFT JOIN lifecycle.crash_group g USING (workload_id, fingerprint)
            WHERE c.workload_id = ?""";
    private static final String PAGE = "SELECT " + COLUMNS + FROM + " AND c.n < ? ORDER BY c.n DESC LIMIT ?";
    private static final String ONE =
            "SELECT " + COLUMNS + ", c.through, c.lines, c.lines_omitted, c.usages" + FROM + " AND c.n = ?";
    private static final String LOOPS = """
            SELECT workload_id, count(*) FROM lifecycle.crash WHERE workload_id = ANY (?) AND at > ?
            GROUP BY workload_id HAVING count(*) >= ?""";
    private static final String COMPLETE = """
            SELECT 1 FROM lifecycle.crash c JOIN lifecycle.stored_end e USING (container_id)
            WHERE c.container_id = ? AND c.at_nanos >= ? AND c.through IS NOT NULL AND c.usages IS NOT NULL
                AND e.ended_at >= c.at - interval '1 millisecond'""";

    private static final String STORED_END =
            "SELECT 1 FROM lifecycle.stored_end WHERE container_id = ? AND ended_at >= ?";

    private static final String DEAD_MANAGED = """
            SELECT state FROM lifecycle.instance
            WHERE removed_at IS NULL AND state ->> 'status' IN ('crashed', 'exited')
                AND jsonb_exists(state -> 'labels', ?)
            ORDER BY host, container_id LIMIT 1000""";

    private final AgroalDataSource dataSource;

    @Inject
    CrashReader(@DataSource("lifecycle") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Crashes with lower numbers, the newest first. */
    List<Crash> before(WorkloadId workload, int n, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setString(1, workload.value());
            statement.setInt(2, n);
            statement.setInt(3, limit);
            List<Crash> crashes = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    crashes.add(crash(row, facts(row)));
                }
            }
            return crashes;
        }
    }

    /** Everything about one. */
    Optional<CrashReport> find(WorkloadId workload, int n) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setString(1, workload.value());
            statement.setInt(2, n);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(report(workload, row)) : Optional.empty();
            }
        }
    }

    @Override
    public Map<String, Integer> loops(Collection<String> workloads) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LOOPS)) {
            statement.setArray(1, connection.createArrayOf("text", workloads.toArray(String[]::new)));
            statement.setTimestamp(2, Timestamp.from(Instant.now().minus(CrashLimits.LOOP_WITHIN)));
            statement.setInt(3, CrashLimits.LOOP_CRASHES);
            Map<String, Integer> loops = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    loops.put(row.getString(1), row.getInt(2));
                }
            }
            return loops;
        } catch (SQLException e) {
            throw new IllegalStateException("crashes cannot be read", e);
        }
    }

    /** Whether all that is to be known of a life that ended then, or later, by a crash is stored. */
    boolean complete(String containerId, Instant endedAt) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(COMPLETE)) {
            statement.setString(1, containerId);
            statement.setLong(2, CrashStore.nanos(endedAt));
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public boolean stored(String containerId, Instant lifeStartedAt) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(STORED_END)) {
            statement.setString(1, containerId);
            statement.setTimestamp(2, Timestamp.from(lifeStartedAt));
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("stored ends cannot be read", e);
        }
    }

    /** Some containers that bear the label of managed ones, have died, and are not being restarted. */
    List<InstanceState> deadManaged() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(DEAD_MANAGED)) {
            statement.setString(1, ManagedContainers.LABEL);
            List<InstanceState> dead = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    dead.add(CrashJson.read(row.getString(1), InstanceState.class));
                }
            }
            return dead;
        }
    }

    private static CrashReport report(WorkloadId workload, ResultSet row) throws SQLException {
        CrashRecord facts = facts(row);
        long through = row.getLong("through");
        boolean lines = !row.wasNull();
        String usages = row.getString("usages");
        long kills = row.getLong("cgroup_kills");
        boolean counted = !row.wasNull();
        return new CrashReport(
                workload,
                crash(row, facts),
                facts.oom().with(counted ? Long.valueOf(kills) : null),
                facts.imageDigest(),
                facts.limits(),
                facts.envKeys(),
                facts.restartPolicy(),
                facts.restartInMillis(),
                facts.probes(),
                lines ? Long.valueOf(through) : null,
                row.getString("lines"),
                row.getInt("lines_omitted"),
                usages == null ? null : CrashJson.read(usages, new TypeReference<List<Usage>>() {}));
    }

    private static CrashRecord facts(ResultSet row) throws SQLException {
        return CrashJson.read(row.getString("facts"), CrashRecord.class);
    }

    private static Crash crash(ResultSet row, CrashRecord facts) throws SQLException {
        Integer code = facts.exitCode();
        return new Crash(
                row.getInt("n"),
                facts.at(),
                facts.startedAt(),
                facts.host(),
                facts.instance(),
                facts.containerId(),
                facts.containerName(),
                facts.image(),
                code,
                code == null ? null : SignalName.ofExitCode(code).orElse(null),
                facts.oom().killed(),
                facts.restartCount(),
                row.getBoolean("crash_loop"),
                row.getString("error"),
                group(row),
                row.getBoolean("complete"));
    }

    private static @Nullable CrashGroup group(ResultSet row) throws SQLException {
        String fingerprint = row.getString("fingerprint");
        return fingerprint == null
                ? null
                : new CrashGroup(
                        fingerprint,
                        row.getLong("count"),
                        row.getTimestamp("first_at").toInstant(),
                        row.getInt("first_n"),
                        row.getTimestamp("last_at").toInstant());
    }
}
