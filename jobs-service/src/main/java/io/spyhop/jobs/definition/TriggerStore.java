package io.spyhop.jobs.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.RunId;
import io.spyhop.jobs.run.NewRun;
import io.spyhop.jobs.run.RunStore;
import io.spyhop.jobs.transaction.TransactionStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down runs that are asked for, unless that may not be. Thread-safe; every method is one transaction. */
@Singleton
class TriggerStore extends TransactionStore {
    // Whoever asks for a run of a job that forbids a second one waits for others that do, and for its schedule.
    private static final String LOCK = "SELECT 1 FROM jobs.job WHERE workload_id = ? AND id = ? FOR UPDATE";

    private static final String EXISTS = "SELECT 1 FROM jobs.job WHERE workload_id = ? AND id = ?";

    private static final String OPEN = """
        SELECT id FROM jobs.run WHERE workload_id = ? AND job_id = ? AND status IN ('queued', 'running') LIMIT 1\
        """;

    private static final String FORGET_KEY = """
        UPDATE jobs.run SET idempotency_key = NULL
        WHERE workload_id = ? AND job_id = ? AND idempotency_key = ? AND queued_at < ?\
        """;

    private static final String BY_KEY = "SELECT r.parameters, " + RunStore.COLUMNS
            + " FROM jobs.run r WHERE workload_id = ? AND job_id = ? AND idempotency_key = ?";

    private static final String BY_ID = "SELECT r.parameters, " + RunStore.COLUMNS + " FROM jobs.run r WHERE id = ?";

    private static final String REPEATED = """
        SELECT definition, definition_revision, parameters, image, image_digest
        FROM jobs.run WHERE id = ? AND workload_id = ? AND job_id = ?\
        """;

    private static final String SEEN = "SELECT running FROM jobs.seen WHERE workload_id = ?";

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final RunStore runs;
    private final ObjectMapper json;

    @Inject
    TriggerStore(@DataSource("jobs") AgroalDataSource dataSource, RunStore runs, ObjectMapper json) {
        super(dataSource);
        this.runs = runs;
        this.json = json;
    }

    /** What a run was made of. */
    record Repeated(
            JobDefinition definition,
            int revision,
            Map<String, String> parameters,
            @Nullable String image,
            @Nullable String imageDigest) {}

    /**
     * Writes down a run.
     *
     * @param alone whether no other run of the job may go on
     * @param keysFrom runs that were asked for before have no idempotency key any more
     */
    AskedRun ask(NewRun run, boolean alone, Instant keysFrom) throws SQLException {
        String workload = run.workload().value();
        String job = run.definition().id();
        String key = run.idempotencyKey();
        return transaction(connection -> {
            if (!has(connection, alone ? LOCK : EXISTS, workload, job)) {
                return new AskedRun.Gone();
            }
            if (key != null) {
                update(connection, FORGET_KEY, workload, job, key, keysFrom);
                Optional<AskedRun.Known> known = known(prepared(connection, BY_KEY, workload, job, key));
                if (known.isPresent()) {
                    return known.get();
                }
            }
            if (alone) {
                try (PreparedStatement select = prepared(connection, OPEN, workload, job);
                        ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        return new AskedRun.Busy(new RunId(row.getString(1)));
                    }
                }
            }
            if (runs.insert(connection, run)) {
                return new AskedRun.Queued(
                        known(prepared(connection, BY_ID, run.id().value()))
                                .orElseThrow()
                                .run());
            }
            // Somebody was quicker with the same key.
            return known(prepared(connection, BY_KEY, workload, job, key)).orElseThrow();
        });
    }

    /** What a run of a job was made of; empty where there is none of that id. */
    Optional<Repeated> repeated(WorkloadId workload, String job, RunId run) throws SQLException {
        return transaction(connection -> {
            try (PreparedStatement select = prepared(connection, REPEATED, run.value(), workload.value(), job);
                    ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Repeated(
                                json.readValue(row.getString(1), JobDefinition.class),
                                row.getInt(2),
                                json.readValue(row.getString(3), TEXTS),
                                row.getString(4),
                                row.getString(5)))
                        : Optional.empty();
            } catch (JsonProcessingException e) {
                throw new SQLException("a run's definition cannot be read", e);
            }
        });
    }

    /** Whether a container of the workload runs, as its owner wrote down last; empty where none was ever seen. */
    Optional<Boolean> seen(WorkloadId workload) throws SQLException {
        return transaction(connection -> {
            try (PreparedStatement select = prepared(connection, SEEN, workload.value());
                    ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getBoolean(1)) : Optional.empty();
            }
        });
    }

    private static boolean has(Connection connection, String sql, String workload, String job) throws SQLException {
        try (PreparedStatement select = prepared(connection, sql, workload, job);
                ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    private Optional<AskedRun.Known> known(PreparedStatement select) throws SQLException {
        try (select;
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(new AskedRun.Known(RunStore.run(row), json.readValue(row.getString(1), TEXTS)))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new SQLException("a run's parameters cannot be read", e);
        }
    }
}
