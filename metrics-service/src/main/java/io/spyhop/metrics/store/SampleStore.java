package io.spyhop.metrics.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.metrics.store.StoredSample.InstanceKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes samples, each once, however often it comes and whoever writes it: an instance has one for each slot. A batch is
 * one transaction. One that comes after its bucket was rolled up marks it as late; one from before what is kept is left out.
 * Thread-safe, one batch at a time.
 */
@ApplicationScoped
class SampleStore {
    private static final String PROGRESS = "SELECT minutes_through, sample_from FROM metrics.progress";

    // Sorted, so that two replicas that write the same rows do not wait for each other.
    private static final String WRITE = """
        WITH fresh AS (
            INSERT INTO metrics.sample (instance_id, slot, interval_s, mem_limited, mem_used_mb, mem_limit_mb, cpu_pct,
                net_rx_rate, net_tx_rate, block_read_rate, block_write_rate, pids)
            SELECT instance_id, to_timestamp(slot), interval_s, mem_limited, mem_used_mb, mem_limit_mb, cpu_pct,
                net_rx_rate, net_tx_rate, block_read_rate, block_write_rate, pids
            FROM unnest(?::int[], ?::bigint[], ?::smallint[], ?::boolean[], ?::real[], ?::real[], ?::real[],
                ?::real[], ?::real[], ?::real[], ?::real[], ?::int[])
                AS given (instance_id, slot, interval_s, mem_limited, mem_used_mb, mem_limit_mb, cpu_pct,
                    net_rx_rate, net_tx_rate, block_read_rate, block_write_rate, pids)
            ORDER BY instance_id, slot
            ON CONFLICT DO NOTHING
            RETURNING instance_id, slot),
        late AS (
            INSERT INTO metrics.late (bucket, instance_id)
            SELECT DISTINCT date_bin('5 minutes', slot, 'epoch'), instance_id
            FROM fresh WHERE slot < to_timestamp(?)
            ORDER BY 1, 2
            ON CONFLICT DO NOTHING)
        SELECT count(*) FROM fresh\
        """;

    /**
     * What became of a batch.
     *
     * @param stored are there now
     * @param repeated were there already
     * @param outdated are from before what is kept
     */
    record Outcome(int stored, int repeated, int outdated) {}

    /** How far things are, in seconds since the epoch. */
    private record Progress(long minutesThrough, Instant sampleFrom) {}

    private final AgroalDataSource dataSource;
    private final PartitionStore partitions;
    private final InstanceStore instances = new InstanceStore();

    @Inject
    SampleStore(@DataSource("usage") AgroalDataSource dataSource, PartitionStore partitions) {
        this.dataSource = dataSource;
        this.partitions = partitions;
    }

    /** Stores a batch, all of it or, when it throws, perhaps none: it may be stored again. */
    synchronized Outcome store(List<StoredSample> batch) throws SQLException {
        try {
            makeRoom(batch);
            return write(batch);
        } catch (SQLException e) {
            instances.forget();
            partitions.forget();
            throw e;
        }
    }

    /** Makes what partitions are missing; none for samples that are too old. As a rule none is, and nobody is asked. */
    private void makeRoom(List<StoredSample> batch) throws SQLException {
        List<Instant> homeless = batch.stream()
                .map(StoredSample::slot)
                .filter(slot -> !partitions.isKnown(Tier.SAMPLES, slot))
                .toList();
        if (homeless.isEmpty()) {
            return;
        }
        Instant from;
        try (Connection connection = dataSource.getConnection()) {
            from = progress(connection).sampleFrom();
        }
        for (Instant slot : homeless) {
            if (!slot.isBefore(from)) {
                partitions.ensure(Tier.SAMPLES, slot);
            }
        }
    }

    private Outcome write(List<StoredSample> batch) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            LockStore.PROGRESS.share(connection);
            Progress progress = progress(connection);
            List<StoredSample> kept = new ArrayList<>(batch);
            kept.removeIf(sample -> sample.slot().isBefore(progress.sampleFrom()));
            int stored = kept.isEmpty() ? 0 : write(connection, kept, progress);
            connection.commit();
            return new Outcome(stored, kept.size() - stored, batch.size() - kept.size());
        }
    }

    private int write(Connection connection, List<StoredSample> samples, Progress progress) throws SQLException {
        Map<InstanceKey, Integer> ids = instances.ids(connection, samples);
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            ColumnStore<StoredSample> columns = new ColumnStore<>(connection, statement, samples);
            columns.add("int4", sample -> Objects.requireNonNull(ids.get(sample.key())));
            columns.add("int8", sample -> sample.slot().getEpochSecond());
            columns.add("int2", sample -> (short) sample.facts().intervalSeconds());
            columns.add("bool", StoredSample::memLimited);
            columns.add("float4", StoredSample::memUsedMb);
            columns.add("float4", StoredSample::memLimitMb);
            columns.add("float4", StoredSample::cpuPct);
            columns.add("float4", StoredSample::netRxRate);
            columns.add("float4", StoredSample::netTxRate);
            columns.add("float4", StoredSample::blockReadRate);
            columns.add("float4", StoredSample::blockWriteRate);
            columns.add("int4", StoredSample::pids);
            statement.setLong(columns.next(), progress.minutesThrough());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static Progress progress(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PROGRESS)) {
            row.next();
            return new Progress(
                    row.getTimestamp(1).toInstant().getEpochSecond(),
                    row.getTimestamp(2).toInstant());
        }
    }
}
