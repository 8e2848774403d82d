package io.spyhop.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.gateway.Backends;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class AuditRetentionIT {
    @Inject
    AuditStore store;

    @Inject
    AuditRetentionSchedule retention;

    @Test
    void shouldRemoveWhatIsTooOldInBatchesAndKeepTheRest() throws SQLException {
        // Given
        String name = "t " + UUID.randomUUID();
        Instant limit = Instant.parse("2001-01-01T00:00:00Z");
        List<AuditRow> rows = new ArrayList<>();
        for (int i = -AuditLimits.DELETE_BATCH - 10; i < 3; i++) {
            rows.add(new AuditRow(
                    0, limit.plusSeconds(i), null, name, null, null, "::1", "PUT", "/api/x", null, 204, null));
        }
        store.add(rows);

        // When
        long removed = retention.removeBefore(limit);

        // Then
        assertThat(removed).isEqualTo(AuditLimits.DELETE_BATCH + 10);
        assertThat(store.list(new AuditStore.Wanted(null, null, null, name, null, 1000)))
                .extracting(AuditRow::at)
                .containsExactly(limit.plusSeconds(2), limit.plusSeconds(1), limit);
    }
}
