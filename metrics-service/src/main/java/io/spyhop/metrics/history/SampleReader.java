package io.spyhop.metrics.history;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.SamplePage;
import io.spyhop.contracts.metric.SamplePage.Item;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.metrics.store.Figure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads pages of samples as they were stored, by slot and instance. Thread-safe. */
@ApplicationScoped
public class SampleReader {
    // Of each instance as many as fill the page: each is a range of the primary key.
    private static final String PAGE = """
        SELECT s.slot, i.index, i.container_id, s.mem_limited, s.instance_id, s.mem_used_mb, s.mem_limit_mb, s.cpu_pct,
            s.net_rx_rate, s.net_tx_rate, s.block_read_rate, s.block_write_rate, s.pids
        FROM metrics.instance i CROSS JOIN LATERAL (
            SELECT * FROM metrics.sample s WHERE s.instance_id = i.instance_id
                AND s.slot >= ? AND s.slot < ? AND (s.slot, s.instance_id) > (?, ?)
            ORDER BY s.slot LIMIT ?) AS s
        WHERE i.workload_id = ? AND i.last_on >= ? AND i.first_on <= ?
        ORDER BY s.slot, s.instance_id LIMIT ?\
        """;

    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,11})-([0-9]{1,9})");

    /** Beyond what times can be calculated with. */
    private static final long MILLIS_MAX = 253_370_764_800_000L;

    private final AgroalDataSource dataSource;

    @Inject
    SampleReader(@DataSource("usage") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Samples from a time on, before another. */
    public SamplePage page(WorkloadId workload, long fromMillis, long toMillis, int limit, @Nullable String cursor)
            throws SQLException {
        if (fromMillis < 0 || fromMillis > MILLIS_MAX || toMillis < 0 || toMillis > MILLIS_MAX) {
            throw SpyhopException.parameter("from", "times from 1970 to 9998 are wanted");
        }
        Instant from = Instant.ofEpochMilli(fromMillis);
        Instant to = Instant.ofEpochMilli(toMillis);
        long slot = -1;
        int instance = 0;
        if (cursor != null) {
            Matcher matcher = CURSOR.matcher(cursor);
            if (!matcher.matches()) {
                throw SpyhopException.parameter("cursor", "what the page before called \"next\" is wanted");
            }
            slot = Long.parseLong(matcher.group(1));
            instance = Integer.parseInt(matcher.group(2));
            Instant after = Instant.ofEpochSecond(slot);
            from = after.isAfter(from) ? after : from;
        }
        List<Item> items = new ArrayList<>();
        String next = null;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setTimestamp(1, Timestamp.from(from));
            statement.setTimestamp(2, Timestamp.from(to));
            statement.setTimestamp(3, Timestamp.from(Instant.ofEpochSecond(slot)));
            statement.setInt(4, instance);
            statement.setInt(5, limit + 1);
            statement.setString(6, workload.value());
            statement.setObject(7, LocalDate.ofInstant(from, ZoneOffset.UTC));
            statement.setObject(8, LocalDate.ofInstant(to, ZoneOffset.UTC));
            statement.setInt(9, limit + 1);
            try (ResultSet row = statement.executeQuery()) {
                String last = null;
                while (row.next()) {
                    if (items.size() == limit) {
                        next = last;
                        break;
                    }
                    Item item = item(row);
                    items.add(item);
                    last = item.sampledAt().getEpochSecond() + "-" + row.getInt(5);
                }
            }
        }
        return new SamplePage(items, next);
    }

    private static Item item(ResultSet row) throws SQLException {
        int pids = row.getInt(13);
        Long count = row.wasNull() ? null : (long) pids;
        return new Item(
                row.getTimestamp(1).toInstant(),
                row.getInt(2),
                row.getString(3),
                value(row, 8),
                Figure.told(row.getFloat(6)),
                Figure.told(row.getFloat(7)),
                row.getBoolean(4),
                value(row, 9),
                value(row, 10),
                value(row, 11),
                value(row, 12),
                count);
    }

    private static @Nullable Double value(ResultSet row, int column) throws SQLException {
        float value = row.getFloat(column);
        return row.wasNull() ? null : Figure.told(value);
    }
}
