package io.spyhop.logs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.Backends;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

@QuarkusTest
@QuarkusTestResource(Backends.class)
class ChunkStoreIT {
    private static final WorkloadId WORKLOAD = new WorkloadId("held");

    @Inject
    ChunkStore store;

    @ConfigProperty(name = "quarkus.datasource.logs.jdbc.url")
    String url;

    @ConfigProperty(name = "quarkus.datasource.logs.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.logs.password")
    String password;

    @Test
    void shouldTakeOverFromAProcessThatIsHeldStillWhileItCopies() throws SQLException {
        // Given
        Ownership first = store.takeOver(WORKLOAD);
        Connection held = DriverManager.getConnection(url, user, password);
        try {
            held.setAutoCommit(false);
            held.createStatement().executeUpdate("update logs.position set last_line = 1 where workload_id = 'held'");
            CopyIn copy = held.unwrap(PGConnection.class).getCopyAPI().copyIn(ChunkCopy.STATEMENT);

            // When
            Ownership second = await().atMost(Duration.ofSeconds(15))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> store.takeOver(WORKLOAD), ownership -> true);

            // Then
            assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
            assertThat(second.lastLine()).isZero();
            assertThatThrownBy(copy::endCopy).isInstanceOf(SQLException.class);
        } finally {
            held.abort(Runnable::run);
        }
    }
}
