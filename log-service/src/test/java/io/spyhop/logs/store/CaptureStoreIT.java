package io.spyhop.logs.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.log.CaptureApi;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.logs.Backends;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Backends.class)
class CaptureStoreIT {
    @Inject
    CaptureStore store;

    @Inject
    CaptureApi api;

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    @BeforeEach
    void forget() throws SQLException {
        execute("delete from logs.capture");
    }

    @Test
    void shouldSumWhatReplicasStoredLast() throws SQLException {
        // Given
        store.store("a", Map.of("east", new CaptureWays(7, 7), "north", new CaptureWays(1, 0)));
        store.store("b", Map.of("east", new CaptureWays(3, 0), "west", new CaptureWays(0, 1)));

        // When
        store.store("a", Map.of("east", new CaptureWays(1, 2)));

        // Then
        assertThat(api.ways()).isEqualTo(Map.of("east", new CaptureWays(4, 2), "west", new CaptureWays(0, 1)));

        // When
        store.store("b", Map.of());

        // Then
        assertThat(api.ways()).isEqualTo(Map.of("east", new CaptureWays(1, 2)));
    }

    @Test
    void shouldForgetAReplicaThatStoresNothingMore() throws SQLException {
        // Given
        store.store("dead", Map.of("east", new CaptureWays(5, 5)));
        execute("update logs.capture set stored_at = now() - interval '1 minute'");

        // When
        store.store("alive", Map.of("east", new CaptureWays(1, 0)));

        // Then
        assertThat(api.ways()).isEqualTo(Map.of("east", new CaptureWays(1, 0)));
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from logs.capture where replica = 'dead'")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
