package io.spyhop.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.ports.PortsTable;
import io.spyhop.gateway.ports.Tables;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever may have got past what is checked before: the last one who opens a connection looks at the table too. */
class OriginsIT {
    private static final String NO_WAY = "FORBIDDEN";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server = vertx.createHttpServer().requestHandler(request -> {});
    private final int port = server.listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
    private final ListeningPorts instance = instance(Tables.thisContainer(), port);
    private final PortsTable table = Tables.of(instance);
    private final Origins origins = new Origins(table, Tables.protocols(), vertx);

    @AfterEach
    void close() {
        origins.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldLeadToWhatIsKnownAtThatMoment() {
        // When / Then: a connection that stays in use, so that each of the next wants one of its own
        assertThat(request(instance, port).join()).isNotNull();
        // Then: what was there once, whatever listens there now
        ListeningPorts none = instance(Tables.thisContainer());
        table.changed(none.key(), none);
        assertThatThrownBy(() -> request(instance, port).join()).hasMessageContaining(NO_WAY);
        // Then: another container in the place of the one that was asked for
        ListeningPorts other = instance("another-container", port);
        table.removed(none.key(), none);
        table.changed(other.key(), other);
        assertThatThrownBy(() -> request(instance, port).join()).hasMessageContaining(NO_WAY);
        // Then: none
        table.removed(other.key(), other);
        assertThatThrownBy(() -> request(instance, port).join()).hasMessageContaining(NO_WAY);
    }

    private static ListeningPorts instance(String container, int... ports) {
        return Tables.instance(
                "web", "acme", 0, container, ProcessHandle.current().pid(), null, ports);
    }

    private CompletableFuture<HttpClientRequest> request(ListeningPorts of, int number) {
        return origins.request(of, of.port(number).orElseThrow())
                .toCompletionStage()
                .toCompletableFuture();
    }
}
