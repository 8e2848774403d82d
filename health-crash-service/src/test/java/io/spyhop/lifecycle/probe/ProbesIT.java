package io.spyhop.lifecycle.probe;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.health.HealthApi;
import io.spyhop.contracts.health.HealthCheck;
import io.spyhop.contracts.health.HealthProbe;
import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.health.WorkloadHealth;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadsApi;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.docker.DockerEngine;
import io.spyhop.lifecycle.watch.EmbeddedParts;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service asks containers of a real engine, and stores what it finds out. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class ProbesIT {
    private static final String SERVE =
            "mkdir -p /www && echo well > /www/health && exec httpd -f -p 127.0.0.1:8080 -h /www";
    private static final Map<String, String> LABELS =
            Map.of("spyhop.health.port", "8080", "spyhop.health.interval", "1s", "spyhop.health.timeout", "800ms");

    @Inject
    HealthApi health;

    @Inject
    WorkloadsApi workloads;

    @Inject
    Prober prober;

    @Inject
    ProbeStore store;

    @Inject
    RecentProbes recent;

    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine engine = DockerEngine.connectFromEnvironment();
    private final List<HealthChange> changes = new CopyOnWriteArrayList<>();
    private final String name = "it-" + containers.label().substring(0, 8);

    @BeforeEach
    void awaitReadiness() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        await().until(() -> given().get("/readyz").statusCode() == 200);
    }

    @AfterEach
    void remove() {
        containers.close();
        engine.close();
    }

    @Test
    void shouldBeUnhealthyAfterThreeFailuresAndRecoverWithTheFirstSuccess() {
        // Given
        String id = serve("--label=spyhop.health.port=8080", "--label=spyhop.health.interval=1s");
        WorkloadId workload = new WorkloadId(name);
        await().until(() -> answer(workload).probes().size() >= 2);
        WorkloadHealth well = answer(workload);

        // When
        containers.docker("exec", id, "rm", "/www/health");
        WorkloadHealth bad =
                await().until(() -> answer(workload), answer -> answer.status() == InstanceStatus.UNHEALTHY);
        containers.touch(id, "/www/health");
        WorkloadHealth again =
                await().until(() -> answer(workload), answer -> answer.status() == InstanceStatus.RUNNING);

        // Then
        assertThat(well.status()).isEqualTo(InstanceStatus.RUNNING);
        assertThat(well.way()).isEqualTo("namespace");
        assertThat(last(well).ok()).isTrue();
        assertThat(last(well).latencyMs()).isBetween(0.01, 1000.0);
        assertThat(check(well).by()).isEqualTo("probe");
        assertThat(check(well).port()).isEqualTo(8080);
        assertThat(well.instances()).isNull();
        assertThat(bad.consecutiveFailures()).isGreaterThanOrEqualTo(3);
        assertThat(last(bad).reason()).isEqualTo("status 404");
        assertThat(bad.transitions().getFirst().type()).isEqualTo("unhealthy");
        assertThat(bad.transitions().getFirst().failures()).isEqualTo(3);
        assertThat(bad.transitions().getFirst().reason()).isEqualTo("status 404");
        assertThat(again.consecutiveFailures()).isZero();
        assertThat(workloads.find(workload).health()).isEqualTo("healthy");
        assertThat(again.transitions()).extracting(change -> change.type()).containsExactly("healthy", "unhealthy");
        assertThat(engine.inspect(id).orElseThrow().restartCount())
                .as("nothing is restarted because of a probe")
                .isZero();
    }

    @Test
    void shouldAskAsTheApiSaysFromThenOn() {
        // Given
        String id = serve();
        WorkloadId workload = new WorkloadId(name);
        assertThat(answer(workload).check()).as("nobody wants to know").isNull();

        // When
        HealthSettings settings = new HealthSettings(null, 8080, "/other", 1, 500, 2);
        assertThat(health.set(workload, settings)).isEqualTo(settings);

        // Then
        await().until(() -> answer(workload).status() == InstanceStatus.UNHEALTHY);
        assertThat(answer(workload).settings()).isEqualTo(settings);
        assertThat(answer(workload).transitions().getFirst().failures()).isEqualTo(2);

        // When
        health.set(workload, new HealthSettings(false, null, null, null, null, null));

        // Then
        await().until(() -> answer(workload).status() == InstanceStatus.RUNNING);
        await().untilAsserted(() -> assertThat(check(answer(workload)).reason()).isEqualTo("it is switched off"));
        assertThat(answer(workload).transitions())
                .as("nobody said that it is healthy")
                .hasSize(1);
        containers.docker("kill", id);
        await().until(() -> !answer(workload).status().alive());
        assertThat(answer(workload).consecutiveFailures()).isZero();
        assertThat(answer(workload).probes()).isNotEmpty();
    }

    @Test
    void shouldTakeTheResultOfTheImagesOwnCheck() {
        // Given
        serve(
                "--label=spyhop.health.enable=true",
                "--health-cmd=test -e /www/health",
                "--health-interval=1s",
                "--health-retries=1");
        WorkloadId workload = new WorkloadId(name);

        // When
        health.set(workload(workload), new HealthSettings(null, null, null, 1, null, null));

        // Then
        WorkloadHealth answer =
                await().until(() -> answer(workload), found -> found.probes().size() >= 2);
        assertThat(answer.way()).isEqualTo("engine");
        assertThat(check(answer).by()).isEqualTo("engine");
        assertThat(last(answer).ok()).isTrue();
    }

    @Test
    void shouldKnowAtOnceWhenTheImagesOwnCheckHasAnotherResult() {
        // Given: it is asked for its results each 15 s
        String id = serve("--health-cmd=test -e /www/health", "--health-interval=500ms", "--health-retries=1");
        WorkloadId workload = new WorkloadId(name);
        await().until(() -> "healthy".equals(workloads.find(workload).health())
                && answer(workload).check() != null);

        // When
        for (int i = 0; i < 2; i++) {
            containers.docker("exec", id, "rm", "/www/health");
            await().atMost(Duration.ofSeconds(6)).until(() -> answer(workload).status() == InstanceStatus.UNHEALTHY);
            containers.touch(id, "/www/health");

            // Then: each time, and back again
            await().atMost(Duration.ofSeconds(6)).until(() -> answer(workload).status() == InstanceStatus.RUNNING);
        }
    }

    @Test
    void shouldCountOnFromWhatIsStoredWhenAnotherTakesOver() {
        // Given
        String id = containers.run(
                DockerContainers.NO_NETWORK,
                "--label=spyhop.enable=false",
                DockerContainers.IMAGE,
                "sh",
                "-c",
                SERVE.replace("/www/health", "/www/other"));
        InstanceState state = state(id);
        try (HostProbes first = probes()) {
            first.changed(state);
            await().until(() -> changes.size() == 1);
        }
        HealthChange told = changes.getFirst();

        // When: it was stopped before it could tell
        try (HostProbes second = probes()) {
            second.changed(state);
            await().until(() -> changes.size() == 2);
        }
        // When: it had told
        try (HostProbes third = probes()) {
            third.changed(state.with(InstanceStatus.UNHEALTHY));
            containers.touch(id, "/www/health");
            await().until(() -> changes.size() == 3);
        }

        // Then
        assertThat(told.kind()).isEqualTo(HealthChange.Kind.UNHEALTHY);
        assertThat(told.failures()).isEqualTo(3);
        assertThat(changes.get(1).at()).as("the same happening again").isEqualTo(told.at());
        assertThat(changes.get(1).kind()).isEqualTo(HealthChange.Kind.UNHEALTHY);
        assertThat(changes.get(2).kind()).isEqualTo(HealthChange.Kind.HEALTHY);
    }

    @Test
    void shouldRemoveWhatIsOld() throws Exception {
        // Given
        String id = serve("--label=spyhop.health.port=8080", "--label=spyhop.health.interval=1s");
        WorkloadId workload = new WorkloadId(name);
        await().until(() -> answer(workload).probes().size() >= 2);
        Instant newest = last(answer(workload)).at();
        assertThat(recent.of("local", id, 2)).hasSize(2);
        assertThat(recent.of("local", "never-asked", 2)).isEmpty();

        // When
        store.remove(newest, Duration.ZERO, Duration.ofDays(1));

        // Then
        assertThat(answer(workload).probes()).allMatch(probe -> !probe.at().isBefore(newest));
    }

    private static HealthProbe last(WorkloadHealth answer) {
        return Objects.requireNonNull(answer.lastProbe());
    }

    private static HealthCheck check(WorkloadHealth answer) {
        return Objects.requireNonNull(answer.check());
    }

    private HostProbes probes() {
        HostProbes probes = prober.host(engine);
        probes.listen((id, change) -> changes.add(change));
        return probes;
    }

    private String serve(String... options) {
        List<String> arguments = new ArrayList<>(List.of(DockerContainers.NO_NETWORK, "--label=spyhop.id=" + name));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(DockerContainers.IMAGE, "sh", "-c", SERVE));
        return containers.run(arguments.toArray(String[]::new));
    }

    private WorkloadHealth answer(WorkloadId workload) {
        return health.health(workload(workload), 100);
    }

    /** The workload, once it is in the catalogue. */
    private WorkloadId workload(WorkloadId id) {
        await().ignoreExceptions().until(() -> health.health(id, 1) != null);
        return id;
    }

    private InstanceState state(String id) {
        ContainerDetails details = engine.inspect(id).orElseThrow();
        return Instances.running(
                id, Kind.CONTAINER, LABELS, Objects.requireNonNull(details.startedAt()), details.pid());
    }
}
