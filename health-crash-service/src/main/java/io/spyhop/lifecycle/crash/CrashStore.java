package io.spyhop.lifecycle.crash;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.metric.UsageEvidence;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes crashes and what becomes known of them. A report and its evidence come on different ways, in any order and perhaps
 * again: whoever writes holds a lock on the container, and evidence that is too early waits in a table. Thread-safe.
 */
@ApplicationScoped
class CrashStore {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 4))";
    private static final String KNOWN = "SELECT n FROM lifecycle.crash WHERE container_id = ? AND at_nanos = ?";
    private static final String NEXT = """
            INSERT INTO lifecycle.crash_count VALUES (?, 1)
            ON CONFLICT (workload_id) DO UPDATE SET last_n = crash_count.last_n + 1 RETURNING last_n""";
    private static final String RECENT =
            "SELECT count(*) FROM lifecycle.crash WHERE workload_id = ? AND at > ? AND at <= ?";
    private static final String INSERT = """
            INSERT INTO lifecycle.crash (workload_id, n, container_id, at_nanos, at, exit_code, crash_loop, facts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)""";
    private static final String PRUNE = "DELETE FROM lifecycle.crash WHERE workload_id = ? AND n <= ?";
    private static final String PRUNE_GROUPS = """
            DELETE FROM lifecycle.crash_group WHERE workload_id = ? AND fingerprint IN (
                SELECT fingerprint FROM lifecycle.crash_group WHERE workload_id = ? ORDER BY last_at DESC OFFSET ?)""";
    private static final String EARLY = """
            DELETE FROM lifecycle.crash_evidence WHERE container_id = ? AND ended_nanos BETWEEN ? AND ?
            RETURNING type, payload""";
    private static final String FIND = """
            SELECT workload_id, n, exit_code, at, fingerprint FROM lifecycle.crash
            WHERE container_id = ? AND at_nanos BETWEEN ? AND ?""";
    private static final String ADD_LINES = """
            UPDATE lifecycle.crash SET through = ?, lines = ?, lines_omitted = ?, error = ?, fingerprint = ?
            WHERE workload_id = ? AND n = ? AND (through IS NULL OR through < ?)""";
    private static final String ADD_USAGES = """
            UPDATE lifecycle.crash SET usages = ?, cgroup_kills = ?
            WHERE workload_id = ? AND n = ? AND usages IS NULL""";
    private static final String COUNT = """
            INSERT INTO lifecycle.crash_group VALUES (?, ?, 1, ?, ?, ?)
            ON CONFLICT (workload_id, fingerprint) DO UPDATE SET count = crash_group.count + 1,
                first_at = least(crash_group.first_at, excluded.first_at),
                first_n = least(crash_group.first_n, excluded.first_n),
                last_at = greatest(crash_group.last_at, excluded.last_at)""";

    // With a crash that proves to be another's. The first and last of those that are left, as far as they are kept.
    private static final String UNCOUNT = """
            UPDATE lifecycle.crash_group g SET count = g.count - 1,
                first_at = CASE WHEN g.first_n = ? THEN coalesce(c.first_at, g.first_at) ELSE g.first_at END,
                first_n = CASE WHEN g.first_n = ? THEN coalesce(c.first_n, g.first_n) ELSE g.first_n END,
                last_at = coalesce(c.last_at, g.last_at)
            FROM (SELECT min(at) AS first_at, min(n) AS first_n, max(at) AS last_at
                FROM lifecycle.crash WHERE workload_id = ? AND fingerprint = ?) c
            WHERE g.workload_id = ? AND g.fingerprint = ?""";
    private static final String FORGET_GROUP =
            "DELETE FROM lifecycle.crash_group WHERE workload_id = ? AND fingerprint = ? AND count <= 0";

    // What the catalogue says of a life that has ended it says after its crash was recorded.
    private static final String ENDED_OTHERWISE = """
            SELECT 1 FROM lifecycle.instance WHERE host = ? AND container_id = ? AND (removed_at IS NOT NULL
                OR (state ->> 'finishedAt')::timestamptz >= ? OR (state ->> 'startedAt')::timestamptz > ?)""";
    private static final String WAIT = """
            INSERT INTO lifecycle.crash_evidence (container_id, ended_nanos, type, payload) VALUES (?, ?, ?, ?)
            ON CONFLICT (container_id, ended_nanos, type) DO UPDATE SET payload = excluded.payload
            WHERE (excluded.payload::jsonb ->> 'through')::bigint > (crash_evidence.payload::jsonb ->> 'through')::bigint""";
    private static final String FORGET = "DELETE FROM lifecycle.crash_evidence WHERE received_at < ?";
    private static final String STORED_END = """
            INSERT INTO lifecycle.stored_end (container_id, ended_at) VALUES (?, ?) ON CONFLICT (container_id)
            DO UPDATE SET ended_at = greatest(stored_end.ended_at, excluded.ended_at), received_at = now()""";
    private static final String FORGET_ENDS = "DELETE FROM lifecycle.stored_end WHERE received_at < ?";

    private final AgroalDataSource dataSource;

    @Inject
    CrashStore(@DataSource("lifecycle") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Stores a crash, unless it is stored; its number. */
    int record(WorkloadId workload, CrashRecord crash) throws SQLException {
        return inTransaction(crash.containerId(), connection -> {
            long at = nanos(crash.at());
            Integer known = number(connection, KNOWN, crash.containerId(), at);
            if (known != null) {
                return known;
            }
            int n = present(number(connection, NEXT, workload.value()));
            Timestamp now = Timestamp.from(crash.at());
            Timestamp since = Timestamp.from(crash.at().minus(CrashLimits.LOOP_WITHIN));
            int before = present(number(connection, RECENT, workload.value(), since, now));
            boolean loop = before + 1 >= CrashLimits.LOOP_CRASHES;
            update(
                    connection,
                    INSERT,
                    workload.value(),
                    n,
                    crash.containerId(),
                    at,
                    now,
                    crash.exitCode(),
                    loop,
                    CrashJson.write(crash));
            update(connection, PRUNE, workload.value(), n - CrashLimits.REPORTS_MAX);
            addEarly(connection, crash.containerId(), at);
            return n;
        });
    }

    /** Adds the last lines to the crash that they are of, if it is one; more of them take the place of fewer. Idempotent. */
    void add(LinesEvidence evidence) throws SQLException {
        inTransaction(evidence.containerId(), connection -> {
            if (!Boolean.TRUE.equals(evidence.partial())) {
                update(connection, STORED_END, evidence.containerId(), Timestamp.from(evidence.endedAt()));
            }
            long ended = nanos(evidence.endedAt());
            Found crash = find(connection, evidence.containerId(), ended);
            if (crash != null) {
                add(connection, crash, evidence);
            } else {
                await(
                        connection,
                        evidence.host(),
                        evidence.containerId(),
                        evidence.endedAt(),
                        LinesEvidence.TYPE,
                        evidence);
            }
            return true;
        });
    }

    /** Adds what was used to the crash that it led to, if it is one. Idempotent. */
    void add(UsageEvidence evidence) throws SQLException {
        inTransaction(evidence.containerId(), connection -> {
            Found crash = find(connection, evidence.containerId(), nanos(evidence.endedAt()));
            if (crash != null) {
                add(connection, crash, evidence);
            } else {
                await(
                        connection,
                        evidence.host(),
                        evidence.containerId(),
                        evidence.endedAt(),
                        UsageEvidence.TYPE,
                        evidence);
            }
            return true;
        });
    }

    /** Forgets evidence that has waited for too long. */
    void forgetEvidence(Instant before) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            update(connection, FORGET, Timestamp.from(before));
            update(connection, FORGET_ENDS, Timestamp.from(before));
        }
    }

    private record Found(
            String workload,
            int n,
            @Nullable Integer exitCode,
            Timestamp at,
            @Nullable String fingerprint) {}

    private static void add(Connection connection, Found crash, LinesEvidence evidence) throws SQLException {
        LastError error = LastError.in(evidence.ndjson());
        String fingerprint = error.fingerprint(crash.exitCode());
        int added = update(
                connection,
                ADD_LINES,
                evidence.through(),
                evidence.ndjson(),
                evidence.omitted(),
                storable(error.shown()),
                fingerprint,
                crash.workload(),
                crash.n(),
                evidence.through());
        if (added > 0 && !fingerprint.equals(crash.fingerprint())) {
            leaveGroup(connection, crash);
            update(connection, COUNT, crash.workload(), fingerprint, crash.at(), crash.n(), crash.at());
            update(connection, PRUNE_GROUPS, crash.workload(), crash.workload(), CrashLimits.GROUPS_MAX);
        }
    }

    private static void leaveGroup(Connection connection, Found crash) throws SQLException {
        String of = crash.workload();
        String group = crash.fingerprint();
        if (group != null) {
            update(connection, UNCOUNT, crash.n(), crash.n(), of, group, of, group);
            update(connection, FORGET_GROUP, of, group);
        }
    }

    private static void add(Connection connection, Found crash, UsageEvidence evidence) throws SQLException {
        update(
                connection,
                ADD_USAGES,
                CrashJson.write(evidence.usages()),
                evidence.oomEvents(),
                crash.workload(),
                crash.n());
    }

    private static void addEarly(Connection connection, String container, long at) throws SQLException {
        Found crash = find(connection, container, at);
        Map<String, String> early = new HashMap<>();
        try (PreparedStatement statement = prepared(connection, EARLY, container, from(at), to(at));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                early.put(row.getString(1), row.getString(2));
            }
        }
        String lines = early.get(LinesEvidence.TYPE);
        String usages = early.get(UsageEvidence.TYPE);
        if (crash != null && lines != null) {
            add(connection, crash, CrashJson.read(lines, LinesEvidence.class));
        }
        if (crash != null && usages != null) {
            add(connection, crash, CrashJson.read(usages, UsageEvidence.class));
        }
    }

    private static @Nullable Found find(Connection connection, String container, long ended) throws SQLException {
        try (PreparedStatement statement = prepared(connection, FIND, container, from(ended), to(ended));
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            return new Found(
                    row.getString(1),
                    row.getInt(2),
                    row.getObject(3, Integer.class),
                    row.getTimestamp(4),
                    row.getString(5));
        }
    }

    /** Keeps evidence for a report that is to come. Of a life that is known to have ended otherwise none comes. */
    private static void await(
            Connection connection, String host, String container, Instant ended, String type, Object evidence)
            throws SQLException {
        Timestamp end = Timestamp.from(ended.minusMillis(1));
        if (number(connection, ENDED_OTHERWISE, host, container, end, Timestamp.from(ended)) == null) {
            update(connection, WAIT, container, nanos(ended), type, CrashJson.write(evidence));
        }
    }

    @FunctionalInterface
    private interface InStore<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(String container, InStore<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement lock = prepared(connection, LOCK, container)) {
                lock.execute();
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static @Nullable Integer number(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Integer.valueOf(row.getInt(1)) : null;
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static int present(@Nullable Integer number) {
        if (number == null) {
            throw new IllegalStateException("a statement that always answers gave no row");
        }
        return number;
    }

    /** PostgreSQL keeps no zero bytes in texts; a program may write them. */
    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /** How times are compared: nanoseconds since the epoch. */
    static long nanos(Instant at) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, at);
    }

    private static long from(long nanos) {
        return nanos - CrashLimits.SAME_END_NANOS;
    }

    private static long to(long nanos) {
        return nanos + CrashLimits.SAME_END_NANOS;
    }
}
