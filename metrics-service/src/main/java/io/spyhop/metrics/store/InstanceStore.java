package io.spyhop.metrics.store;

import io.spyhop.metrics.store.StoredSample.InstanceFacts;
import io.spyhop.metrics.store.StoredSample.InstanceKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of instances, and the numbers that samples name them by. A row is written when its instance is new, changed, or has
 * a sample of another day: not with each sample. Used by one thread.
 */
final class InstanceStore {
    // The newest sample tells; an older one that comes late only widens the days.
    private static final String WRITE = """
        INSERT INTO metrics.instance AS i
            (workload_id, container_id, org, project, host, index, interval_s, first_on, last_on)
        SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::smallint[],
            ?::date[], ?::date[])
        ON CONFLICT (workload_id, container_id) DO UPDATE SET
            org = CASE WHEN excluded.last_on >= i.last_on THEN excluded.org ELSE i.org END,
            project = CASE WHEN excluded.last_on >= i.last_on THEN excluded.project ELSE i.project END,
            host = CASE WHEN excluded.last_on >= i.last_on THEN excluded.host ELSE i.host END,
            index = CASE WHEN excluded.last_on >= i.last_on THEN excluded.index ELSE i.index END,
            interval_s = CASE WHEN excluded.last_on >= i.last_on THEN excluded.interval_s ELSE i.interval_s END,
            first_on = least(i.first_on, excluded.first_on),
            last_on = greatest(i.last_on, excluded.last_on)
        RETURNING workload_id, container_id, instance_id\
        """;

    /** A row as it was last written. */
    private record Known(int id, InstanceFacts facts, LocalDate first, LocalDate last) {
        boolean covers(StoredSample sample) {
            return facts.equals(sample.facts())
                    && !sample.day().isBefore(first)
                    && !sample.day().isAfter(last);
        }
    }

    private final Map<InstanceKey, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InstanceKey, Known> eldest) {
            return size() > StoreLimits.INSTANCES_MAX;
        }
    };

    /** The numbers of all instances of these samples; rows are written within the connection's transaction. */
    Map<InstanceKey, Integer> ids(Connection connection, Collection<StoredSample> samples) throws SQLException {
        Map<InstanceKey, Integer> ids = new HashMap<>();
        // Sorted: two replicas that write the same rows must not wait for each other.
        Map<InstanceKey, Known> wanted = new TreeMap<>();
        for (StoredSample sample : samples) {
            Known row = known.get(sample.key());
            if (row != null && row.covers(sample)) {
                ids.put(sample.key(), row.id());
            } else {
                wanted.merge(
                        sample.key(),
                        new Known(0, sample.facts(), sample.day(), sample.day()),
                        (before, now) -> new Known(
                                0,
                                now.last().isBefore(before.last()) ? before.facts() : now.facts(),
                                before.first().isBefore(now.first()) ? before.first() : now.first(),
                                before.last().isAfter(now.last()) ? before.last() : now.last()));
            }
        }
        if (!wanted.isEmpty()) {
            write(connection, wanted, ids);
        }
        return ids;
    }

    /** What was written may not be there: its transaction failed. */
    void forget() {
        known.clear();
    }

    private void write(Connection connection, Map<InstanceKey, Known> wanted, Map<InstanceKey, Integer> ids)
            throws SQLException {
        List<Map.Entry<InstanceKey, Known>> rows = List.copyOf(wanted.entrySet());
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            new ColumnStore<>(connection, statement, rows)
                    .add("text", row -> row.getKey().workload())
                    .add("text", row -> row.getKey().container())
                    .add("text", row -> row.getValue().facts().org())
                    .add("text", row -> row.getValue().facts().project())
                    .add("text", row -> row.getValue().facts().host())
                    .add("int4", row -> row.getValue().facts().index())
                    .add("int2", row -> (short) row.getValue().facts().intervalSeconds())
                    .add("date", row -> row.getValue().first().toString())
                    .add("date", row -> row.getValue().last().toString());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    InstanceKey key = new InstanceKey(row.getString(1), row.getString(2));
                    int id = row.getInt(3);
                    Known written = wanted.get(key);
                    if (written != null) {
                        known.put(key, new Known(id, written.facts(), written.first(), written.last()));
                    }
                    ids.put(key, id);
                }
            }
        }
    }
}
