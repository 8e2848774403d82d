package io.spyhop.jobs.run;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.job.RunId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of which containers all output is stored, and which runs may have left some behind. Thread-safe. */
@Singleton
class CapturedStore extends JobsStore {
    private static final String LEFT = """
        SELECT id, host, attempt, status, container_id FROM jobs.run r
        WHERE partition = ANY (?) AND container_left AND status NOT IN ('queued', 'running')
            AND (attempt_started_at IS NULL OR EXISTS (
                SELECT 1 FROM jobs.captured c WHERE c.container_id = r.container_id))
        ORDER BY id LIMIT ?\
        """;

    private static final String REMOVED = "UPDATE jobs.run SET container_left = false WHERE id = ?";

    private static final String ADD =
            "INSERT INTO jobs.captured (container_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING";

    private static final String CONTAINS = "SELECT 1 FROM jobs.captured WHERE container_id = ?";

    private static final String FORGET = """
        DELETE FROM jobs.captured WHERE container_id IN (
            SELECT container_id FROM jobs.captured WHERE at < ? ORDER BY at LIMIT ?)\
        """;

    private static final String INSTALLATION = "SELECT id FROM jobs.installation";

    private static final String LEFT_BEHIND = """
        UPDATE jobs.run SET container_left = true
        WHERE id = ANY (?) AND NOT container_left AND status NOT IN ('queued', 'running')\
        """;

    @Inject
    CapturedStore(@DataSource("jobs") AgroalDataSource dataSource) {
        super(dataSource);
    }

    /** A run that is over, of which containers may be there. */
    record Left(
            RunId id,
            @Nullable String host,
            int attempts,
            @Nullable String containerId) {}

    /** Runs that are over and of whose newest container all is stored, or never was anything. */
    List<Left> left(Collection<Integer> partitions, int max) throws SQLException {
        return query(
                LEFT,
                select -> {
                    select.setArray(1, partitions(select, partitions));
                    select.setInt(2, max);
                },
                row -> new Left(
                        new RunId(row.getString("id")),
                        row.getString("host"),
                        row.getInt("attempt"),
                        row.getString("container_id")));
    }

    /** No container of the run is there any more. */
    void removed(RunId run) throws SQLException {
        change(REMOVED, update -> update.setString(1, run.value()));
    }

    /** The container's output is stored whole. */
    void add(Collection<String> containers, Instant at) throws SQLException {
        batch(ADD, containers, (insert, container) -> {
            insert.setString(1, container);
            insert.setTimestamp(2, timestamp(at));
        });
    }

    boolean contains(String container) throws SQLException {
        return !query(CONTAINS, select -> select.setString(1, container), row -> true)
                .isEmpty();
    }

    /** Forgets some of what is older; whether there may be more. */
    boolean forget(Instant now, Duration kept, int max) throws SQLException {
        return count(FORGET, delete -> {
                    delete.setTimestamp(1, timestamp(now.minus(kept)));
                    delete.setInt(2, max);
                })
                == max;
    }

    /** Containers of these runs are there, although they should not be: those that are over are looked after again. */
    void leftBehind(Collection<RunId> runs) throws SQLException {
        count(
                LEFT_BEHIND,
                update -> update.setArray(
                        1,
                        update.getConnection()
                                .createArrayOf(
                                        "varchar",
                                        runs.stream().map(RunId::value).toArray())));
    }

    /** By which the containers of this installation are known. */
    String installation() throws SQLException {
        return query(INSTALLATION, select -> {}, row -> row.getString("id")).getFirst();
    }
}
