package io.spyhop.lifecycle.watch;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.DockerContainers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The containers of a job's run, on a real engine, broker and database: they end, and that is all that is to be told. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class JobRunIT {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private final DockerContainers containers = new DockerContainers();
    private final RunProof proof = RunProof.create();
    private final String run = RunId.create(Instant.now(), proof).value();
    private TopicProbe probe;

    @BeforeEach
    void watch() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        await().until(() -> given().get("/readyz").statusCode() == 200);
        probe = new TopicProbe(brokers);
    }

    @AfterEach
    void remove() {
        containers.close();
        probe.close();
    }

    @Test
    void shouldTellThatEachAttemptExitedAndOfNoCrash() {
        // When
        String first = attempt(1, "sh", "-c", "exit 3");
        await().until(() -> probe.types(first).contains(InstanceTransition.Type.EXITED));
        String second = attempt(2, "true");

        // Then
        await().untilAsserted(() -> {
            for (String attempt : List.of(first, second)) {
                assertThat(probe.types(attempt))
                        .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.EXITED);
                assertThat(probe.state(attempt).orElseThrow().status()).isEqualTo(InstanceStatus.EXITED);
            }
        });
        assertThat(probe.transitions(first).getLast().exitCode()).isEqualTo(3);
        assertThat(probe.state(first).orElseThrow().index()).isZero();
        assertThat(probe.state(second).orElseThrow().index()).isZero();
        await().untilAsserted(() -> asked().get("/internal/workloads/" + run)
                .then()
                .statusCode(200)
                .body("kind", equalTo("job-run"))
                .body("name", equalTo("nightly"))
                .body("status", equalTo("exited"))
                .body("lastExitCode", equalTo(0))
                .body("health", nullValue())
                .body("instances[0].generation", equalTo(2)));
        asked().queryParam("limit", 10)
                .get("/internal/crashes/" + run)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        asked().queryParam("limit", 10)
                .queryParam("org", run)
                .get("/internal/workloads")
                .then()
                .body("items", hasSize(0));
    }

    /** Made after a service's container, with its labels. */
    private String attempt(int number, String... command) {
        List<String> arguments = new ArrayList<>(List.of(
                "--name=spyhop-" + run + "-" + number,
                DockerContainers.NO_NETWORK,
                "--label=spyhop.id=" + run,
                "--label=spyhop.kind=job-run",
                "--label=spyhop.run.proof=" + proof.value(),
                "--label=spyhop.org=" + run,
                "--label=spyhop.name=nightly",
                "--label=spyhop.health.port=8080",
                "--label=com.docker.compose.project=shop",
                "--label=com.docker.compose.service=api",
                DockerContainers.IMAGE));
        arguments.addAll(List.of(command));
        return containers.run(arguments.toArray(String[]::new));
    }

    private static RequestSpecification asked() {
        return given().header(InternalSecret.HEADER, EmbeddedParts.SECRET);
    }
}
