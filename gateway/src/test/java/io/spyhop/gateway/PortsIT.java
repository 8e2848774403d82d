package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.gateway.ports.PortProtocols;
import io.spyhop.gateway.ports.PortsTable;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class PortsIT {
    private static final String PORTS = "/api/v1/workloads/acme-worker/ports";
    private static final String ALIAS = "/api/orgs/acme/projects/site/workers/dev/ports";
    private static final Instant AT = Instant.parse("2026-11-22T03:04:05Z");

    @Inject
    PortsTable table;

    @Inject
    PortProtocols protocols;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private TopicPublisher publisher;

    @BeforeEach
    void begin() {
        publisher = new TopicPublisher(new KafkaConnection(brokers, "test", "0"));
        await().until(table::loaded);
    }

    @AfterEach
    void end() {
        for (String container : List.of("one", "two", "other")) {
            for (String workload : List.of("acme-worker", "other-web")) {
                ListeningPorts record = record(workload, "acme", container, 0, null, List.of());
                publisher.publishJson(Topics.PORTS, record.key(), null).join();
            }
        }
        await().until(() -> table.all().isEmpty());
        publisher.close();
    }

    @Test
    void shouldListPortsWithTheirUrlsUnderEveryAddress() {
        // Given
        ListeningPort web = new ListeningPort(3000, ListeningPort.ALL, "127.0.0.1", "node", 7L, AT);
        publish(record("acme-worker", "acme", "one", 0, "public", List.of(web, loopback(9229))));
        publish(record("acme-worker", "acme", "two", 1, null, List.of(loopback(3000))));
        publish(record("other-web", "other", "other", 0, null, List.of(loopback(22))));
        await().until(() -> table.all().size() == 3);

        for (String address : List.of(PORTS, ALIAS)) {
            // When / Then
            get(Backends.ADMIN, address)
                    .statusCode(200)
                    .body("items.port", equalTo(List.of(3000, 9229, 3000)))
                    .body("items.instance", equalTo(List.of(0, 0, 1)))
                    .body("items[0].address", equalTo("all"))
                    .body("items[0].process", equalTo("node"))
                    .body("items[0].pid", equalTo(7))
                    .body("items[0].protocol", equalTo("unknown"))
                    .body("items[0].since", equalTo("2026-11-22T03:04:05Z"))
                    .body("items[0].visibility", equalTo("public"))
                    .body("items[0].url", equalTo("http://worker-0-acme-worker-3000.localhost:" + port))
                    .body("items[1]", not(hasKey("process")))
                    .body("items[1].address", equalTo("loopback"))
                    .body("items[2].visibility", equalTo("private"))
                    .body("instances.way", equalTo(List.of("namespace", "namespace")))
                    .body("instances[0].gone[0].port", equalTo(8080))
                    .body("instances[0].gone[0].seenAt", equalTo("2026-11-22T03:04:05Z"));
        }
        // When / Then: what a port speaks is known once somebody found out, until another program takes it
        protocols.found(table.find(new WorkloadId("acme-worker"), 0).orElseThrow(), web, "http");
        get(Backends.ADMIN, PORTS).body("items[0].protocol", equalTo("http"));
        ListeningPort other = new ListeningPort(3000, ListeningPort.ALL, "127.0.0.1", "node", 8L, AT.plusMillis(1));
        publish(record("acme-worker", "acme", "one", 0, "public", List.of(other)));
        await().untilAsserted(() -> get(Backends.ADMIN, PORTS).body("items[0].protocol", equalTo("unknown")));
    }

    @Test
    void shouldShowAnothersPortsToNobody() {
        // Given
        publish(record("acme-worker", "acme", "one", 0, null, List.of(loopback(3000))));
        String foreign = Tokens.mint("viewer", "other").token();

        // When / Then
        get(foreign, PORTS).statusCode(404).body("code", equalTo("workload-unknown"));
        get(Tokens.mint("viewer", "acme").token(), PORTS).statusCode(200);
        get(Backends.ADMIN, PORTS + "?x=1").statusCode(400).body("parameter", equalTo("x"));
        get(Backends.ADMIN, "/api/v1/workloads/acme-app/ports")
                .statusCode(200)
                .body("items", equalTo(List.of()))
                .body("instances", equalTo(List.of()));
    }

    @Test
    void shouldTellChangesAsEvents() throws Exception {
        // Given
        String foreign = Tokens.mint("viewer", "other").token();
        try (Http limited = Http.open(port, "/api/v1/events", foreign).read();
                Http http = Http.open(port, "/api/v1/events?type=ports&workload=acme-worker", Backends.ADMIN)
                        .read()) {
            await().until(() -> hasId(http) && hasId(limited));

            // When
            publish(record("acme-worker", "acme", "one", 0, null, List.of(loopback(3000))));

            // Then
            await().untilAsserted(() -> assertThat(http.lines()).contains("event: ports"));
            assertThat(http.lines().stream().filter(line -> line.startsWith("data: ")))
                    .singleElement()
                    .asString()
                    .contains(
                            "\"type\":\"ports\"",
                            "\"workload\":\"acme-worker\"",
                            "\"ports\":[3000]",
                            "\"opened\":[3000]",
                            "\"closed\":[]");
            assertThat(limited.lines()).doesNotContain("event: ports");
        }
    }

    private static boolean hasId(Http http) {
        return http.lines().stream().anyMatch(line -> line.startsWith("id: "));
    }

    private void publish(ListeningPorts record) {
        publisher.publishJson(Topics.PORTS, record.key(), record).join();
    }

    private static ListeningPort loopback(int port) {
        return new ListeningPort(port, ListeningPort.LOOPBACK, "127.0.0.1", null, null, AT);
    }

    private static ListeningPorts record(
            String workload,
            String org,
            String container,
            int index,
            @Nullable String visibility,
            List<ListeningPort> ports) {
        return new ListeningPorts(
                new WorkloadId(workload),
                org,
                "local",
                container,
                index,
                AT,
                17L,
                false,
                List.of(),
                visibility,
                "namespace",
                AT,
                ports,
                0,
                ports.stream().map(ListeningPort::port).toList(),
                List.of(),
                List.of(new GonePort(8080, AT)));
    }

    private static ValidatableResponse get(String token, String path) {
        return given().header("Authorization", "Bearer " + token).get(path).then();
    }
}
