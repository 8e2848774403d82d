package io.spyhop.gateway.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadsApi;
import io.spyhop.gateway.Backends;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class RemoteServiceIT {
    private static final WorkloadId SHOP = new WorkloadId("shop");

    @Inject
    InternalSecret secret;

    private HttpServer server;
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final AtomicReference<String> shown = new AtomicReference<>("");

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void shouldPassPagesAndTheSecretWhenTheServiceAnswers() throws IOException {
        // Given
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeLong(12);
        data.writeInt(1);
        data.write("{\"lineNo\":12}\n".getBytes(StandardCharsets.UTF_8));
        answer(200, "application/vnd.spyhop.lines", body.toByteArray());

        // When
        LinesPage page = open(LogsApi.class).after(SHOP, 11, 5);

        // Then
        assertThat(page.through()).isEqualTo(12);
        assertThat(new String(page.ndjson(), StandardCharsets.UTF_8)).isEqualTo("{\"lineNo\":12}\n");
        assertThat(asked.get()).isEqualTo("/internal/logs/shop/after?after=11&limit=5");
        assertThat(shown.get()).isEqualTo(secret.value().orElse("none"));
    }

    @Test
    void shouldReadMapsKeyedByWorkloadWhenTheServiceAnswers() {
        // Given
        answer(200, "application/json", "{\"shop\":7}".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(open(LogsApi.class).lastNumbers(List.of(SHOP))).isEqualTo(Map.of(SHOP, 7L));
    }

    @Test
    void shouldSendNamesThatTheServiceReadsByItself() {
        // Given
        answer(200, "application/json", "{\"items\":[]}".getBytes(StandardCharsets.UTF_8));

        // When
        open(WorkloadsApi.class).list(List.of("a", "b c"), Kind.JOB_RUN, null, "x&y", 3, null);

        // Then
        assertThat(asked.get()).isEqualTo("/internal/workloads?org=a&org=b+c&kind=JOB_RUN&q=x%26y&limit=3");
    }

    @Test
    void shouldThrowWhatTheServiceThrewWhenItAnswersWithAProblem() {
        // Given
        answer(
                404,
                "application/problem+json",
                "{\"status\":404,\"detail\":\"d\",\"code\":\"workload-unknown\"}".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(failure().code()).isEqualTo(ErrorCode.WORKLOAD_UNKNOWN);
    }

    @Test
    void shouldNameTheServiceWhenItIsAwayOrBroken() {
        // Given
        answer(500, "text/plain", "oops".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(failure().code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        server.stop(0);
        SpyhopException away = failure();
        assertThat(away.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(away.publicMessage()).contains("some-service");
    }

    private SpyhopException failure() {
        WorkloadsApi api = open(WorkloadsApi.class);
        return catchThrowableOfType(SpyhopException.class, () -> api.find(SHOP));
    }

    private <T> T open(Class<T> api) {
        return RemoteService.open(
                api, "some-service", "http://127.0.0.1:" + server.getAddress().getPort(), secret);
    }

    private void answer(int status, String type, byte[] body) {
        server.createContext("/", exchange -> {
            asked.set(exchange.getRequestURI().toString());
            String header = exchange.getRequestHeaders().getFirst(InternalSecret.HEADER);
            shown.set(header == null ? "none" : header);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
