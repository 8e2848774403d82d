package io.spyhop.lifecycle.watch;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.docker.DockerEngine;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole service on a real engine, broker and database. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class DiscoveryIT {
    private static final Logger LOGGER = LoggerFactory.getLogger(DiscoveryIT.class);
    private static final String IMAGE = DockerContainers.IMAGE;
    private static final String OFFLINE = DockerContainers.NO_NETWORK;

    @Inject
    Catalogue catalogue;

    @Inject
    MeterRegistry registry;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private final DockerContainers containers = new DockerContainers();
    private final String prefix = "it-" + containers.label().substring(0, 8);
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
    void shouldTellAWholeLifeWhenAContainerIsStoppedAndRemoved() {
        // Given
        String id = run("web", "sleep", "100");
        InstanceState running = awaitRunning(id);

        // When
        containers.docker("stop", "-t", "0", id);
        await().until(() -> probe.types(id).contains(InstanceTransition.Type.STOPPED));
        containers.docker("rm", id);
        await().until(() -> probe.statuses(id).contains("gone"));

        // Then
        assertThat(running.pid()).isPositive();
        assertThat(running.workload().id().value()).isEqualTo(prefix + "-web");
        assertThat(running.host()).isEqualTo("local");
        assertThat(running.index()).isZero();
        assertThat(probe.statuses(id)).containsExactly("creating", "running", "stopped", "gone");
        await().untilAsserted(() -> assertThat(probe.types(id))
                .containsExactly(
                        InstanceTransition.Type.STARTED,
                        InstanceTransition.Type.STOPPED,
                        InstanceTransition.Type.REMOVED));
        InstanceTransition stopped = probe.transitions(id).get(1);
        assertThat(stopped.lifeStartedAt()).isEqualTo(running.startedAt());
        assertThat(stopped.exitCode()).isEqualTo(137);
        await().untilAsserted(() -> asked().get("/internal/workloads/" + prefix + "-web")
                .then()
                .statusCode(200)
                .body("status", equalTo("removed"))
                .body("kind", equalTo("container"))
                .body("instances", hasSize(1))
                .body("instances[0].status", equalTo("removed"))
                .body("containerId", equalTo(id)));
    }

    @Test
    void shouldTellTheVerdictWhenLivesEndInOtherWays() {
        // When
        String exited = run("exited", "true");
        String crashed = run("crashed", "sh", "-c", "exit 3");
        String killed = run("killed", "sleep", "100");
        await().until(() -> probe.types(killed).contains(InstanceTransition.Type.STARTED));
        containers.docker("kill", killed);
        String quit = containers.run(
                "--name=" + prefix + "-quit",
                OFFLINE,
                "--stop-signal=QUIT",
                IMAGE,
                "sh",
                "-c",
                "trap 'exit 5' QUIT; while true; do sleep 0.1; done");
        await().until(() -> probe.types(quit).contains(InstanceTransition.Type.STARTED));
        containers.docker("stop", "-t", "5", quit);
        String oom = containers.run(
                "--name=" + prefix + "-oom", OFFLINE, "--memory=8m", "--memory-swap=8m", IMAGE, "tail", "/dev/zero");

        // Then
        await().untilAsserted(() -> {
            assertThat(probe.types(exited))
                    .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.EXITED);
            assertThat(probe.types(crashed))
                    .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.CRASHED);
            assertThat(probe.types(killed))
                    .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.STOPPED);
            assertThat(probe.types(quit))
                    .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.STOPPED);
            assertThat(probe.types(oom))
                    .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.CRASHED);
        });
        assertThat(probe.transitions(crashed).getLast().exitCode()).isEqualTo(3);
        assertThat(probe.transitions(crashed).getLast().oomKilled()).isFalse();
        assertThat(probe.transitions(killed).getLast().oomKilled()).isFalse();
        assertThat(probe.transitions(oom).getLast().oomKilled()).isTrue();
        await().untilAsserted(() -> assertThat(probe.state(oom))
                .hasValueSatisfying(
                        state -> assertThat(state.memoryLimitBytes()).isEqualTo(8 * 1024 * 1024)));
    }

    @Test
    void shouldSeeEveryLifeWhenAPolicyRestarts() {
        // When
        String id = containers.run(
                "--name=" + prefix + "-loop", OFFLINE, "--restart=on-failure:2", IMAGE, "sh", "-c", "exit 4");

        // Then
        await().untilAsserted(() -> assertThat(probe.types(id))
                .containsExactly(
                        InstanceTransition.Type.STARTED,
                        InstanceTransition.Type.CRASHED,
                        InstanceTransition.Type.RESTARTING,
                        InstanceTransition.Type.STARTED,
                        InstanceTransition.Type.CRASHED,
                        InstanceTransition.Type.RESTARTING,
                        InstanceTransition.Type.STARTED,
                        InstanceTransition.Type.CRASHED));
        assertThat(probe.transitions(id).get(2).delayMillis()).isEqualTo(100);
        assertThat(probe.transitions(id).get(5).restart()).isEqualTo(2);
        assertThat(probe.transitions(id).get(5).delayMillis()).isEqualTo(200);
        await().untilAsserted(
                        () -> assertThat(probe.state(id).orElseThrow().status()).isEqualTo(InstanceStatus.CRASHED));
        assertThat(probe.transitions(id).stream().map(InstanceTransition::at).toList())
                .isSorted();
    }

    @Test
    void shouldSeeAContainerWhenItLivesForAMomentOnly() {
        // When
        for (int i = 0; i < 5; i++) {
            containers.docker(
                    "run",
                    "--rm",
                    OFFLINE,
                    "--label=" + DockerContainers.LABEL + "=" + containers.label(),
                    "--name=" + prefix + "-brief" + i,
                    IMAGE,
                    "echo",
                    "hi");
        }

        // Then
        for (int i = 0; i < 5; i++) {
            String workload = prefix + "-brief" + i;
            await().untilAsserted(() -> asked().get("/internal/workloads/" + workload)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("removed"))
                    .body("lastExitCode", equalTo(0)));
            String id = asked().get("/internal/workloads/" + workload).path("containerId");
            await().untilAsserted(() -> assertThat(probe.types(id))
                    .containsExactly(
                            InstanceTransition.Type.STARTED,
                            InstanceTransition.Type.EXITED,
                            InstanceTransition.Type.REMOVED));
            await().untilAsserted(() ->
                    assertThat(probe.statuses(id)).containsExactly("creating", "running", "exited", "gone"));
        }
    }

    @Test
    void shouldKeepTheWorkloadWhenAContainerIsRecreated() {
        // Given
        String first = run("web", "sleep", "100");
        await().until(() -> probe.types(first).contains(InstanceTransition.Type.STARTED));
        containers.docker("rm", "-f", first);
        await().until(() -> probe.statuses(first).contains("gone"));

        // When
        String second = run("web", "sleep", "100");
        InstanceState state = awaitRunning(second);

        // Then
        assertThat(state.workload().id().value()).isEqualTo(prefix + "-web");
        assertThat(state.index()).isZero();
        assertThat(state.generation()).isEqualTo(2);
        await().untilAsserted(() -> asked().get("/internal/workloads/" + prefix + "-web")
                .then()
                .body("status", equalTo("running"))
                .body("containerId", equalTo(second))
                .body("instances", hasSize(1)));
    }

    @Test
    void shouldGiveIndexesWhenAServiceHasSeveralContainers() {
        // When
        List<String> ids = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            ids.add(containers.run(
                    OFFLINE,
                    "--label=com.docker.compose.project=" + prefix,
                    "--label=com.docker.compose.service=web",
                    "--label=com.docker.compose.container-number=" + number,
                    IMAGE,
                    "sleep",
                    "100"));
        }

        // Then
        await().untilAsserted(() -> asked().queryParam("org", "default")
                .queryParam("kind", "SERVICE")
                .queryParam("deployment", prefix)
                .queryParam("service", "web")
                .get("/internal/workloads/by-address")
                .then()
                .statusCode(200)
                .body("id", equalTo(prefix + "-web"))
                .body("status", equalTo("running"))
                .body("instances.index", equalTo(List.of(0, 1, 2)))
                .body("instances.containerId", equalTo(ids)));
    }

    @Test
    void shouldCatchUpWhenContainersChangedWhileNobodyWatched() throws Exception {
        // Given
        try (ContainerEngine engine = DockerEngine.connectFromEnvironment();
                TopicPublisher publisher = new TopicPublisher(new KafkaConnection(brokers, "test", "0"))) {
            String host = prefix + "-host";
            String crashed = run("crashed", "sh", "-c", "while [ ! -e /end ]; do sleep 0.1; done; exit 3");
            String stopped = run("stopped", "sleep", "100");
            String removed = run("removed", "sleep", "100");
            String steady = run("steady", "sleep", "100");
            HostWatcher first = watcher(host, engine, publisher);
            first.start();
            await().until(first::listed);
            await().until(() -> stateOf(host, stopped) == InstanceStatus.RUNNING);
            first.close();

            // When
            containers.docker("stop", "-t", "0", stopped);
            containers.docker("rm", "-f", removed);
            containers.touch(crashed, "/end");
            containers.docker("wait", crashed);
            String created = run("created", "sleep", "100");
            try (HostWatcher second = watcher(host, engine, publisher)) {
                second.start();
                await().until(second::listed);

                // Then
                await().untilAsserted(() -> {
                    assertThat(stateOf(host, crashed)).isEqualTo(InstanceStatus.CRASHED);
                    assertThat(stateOf(host, stopped)).isEqualTo(InstanceStatus.STOPPED);
                    assertThat(stateOf(host, steady)).isEqualTo(InstanceStatus.RUNNING);
                    assertThat(stateOf(host, created)).isEqualTo(InstanceStatus.RUNNING);
                    assertThat(stateOf(host, removed)).isEqualTo(InstanceStatus.REMOVED);
                });
                await().untilAsserted(() -> assertThat(typesOn(host, removed))
                        .containsExactly(
                                InstanceTransition.Type.STARTED,
                                InstanceTransition.Type.STOPPED,
                                InstanceTransition.Type.REMOVED));
                assertThat(typesOn(host, steady)).containsExactly(InstanceTransition.Type.STARTED);
            }
        }
    }

    @Test
    void shouldPublishWithinMillisecondsWhenAContainerStarts() throws Exception {
        // Given
        Map<String, Instant> starts = new HashMap<>();
        int count = 30;
        try (ContainerEngine engine = DockerEngine.connectFromEnvironment();
                EventStream events = engine.events(Instant.now())) {
            // When
            for (int i = 0; i < count; i++) {
                String id = run("quick" + i, "sleep", "100");
                ContainerEvent event = events.next(Duration.ofSeconds(5));
                while (event != null
                        && !(event.action().equals("start")
                                && event.containerId().equals(id))) {
                    event = events.next(Duration.ofSeconds(5));
                }
                starts.put(id, event == null ? Instant.MAX : event.at());
            }
        }

        // Then
        List<Long> micros = new ArrayList<>();
        starts.forEach((id, start) -> {
            await().until(() -> probe.arrival(id, InstanceStatus.RUNNING).isPresent());
            micros.add(Duration.between(
                                    start,
                                    probe.arrival(id, InstanceStatus.RUNNING).orElseThrow())
                            .toNanos()
                    / 1000);
        });
        micros.sort(null);
        LOGGER.atInfo()
                .addKeyValue("count", count)
                .addKeyValue("reason", "p50 " + micros.get(count / 2) + " us, p99 " + micros.get(count - 1) + " us")
                .log("Start event to record in a consumer's hands.");
        registry.find("spyhop_start_to_record").timers().forEach(DiscoveryIT::report);
        registry.find("spyhop_engine_inspect").timers().forEach(DiscoveryIT::report);
        // Some milliseconds, and ten times that on a machine that does more than it can; less than any pause between
        // two looks.
        assertThat(micros.get(count / 2)).isLessThan(100_000);
    }

    private static void report(Timer timer) {
        LOGGER.atInfo()
                .addKeyValue("host", timer.getId().getTag("host"))
                .addKeyValue("count", timer.count())
                .addKeyValue(
                        "reason",
                        timer.getId().getName() + " mean " + timer.mean(TimeUnit.MICROSECONDS) + " us, max "
                                + timer.max(TimeUnit.MICROSECONDS) + " us")
                .log("Timed.");
    }

    private String run(String name, String... command) {
        List<String> arguments = new ArrayList<>(List.of("--name=" + prefix + "-" + name, OFFLINE, IMAGE));
        arguments.addAll(List.of(command));
        return containers.run(arguments.toArray(String[]::new));
    }

    /** The two topics are read by two threads: what is on one says nothing about the other. */
    private InstanceState awaitRunning(String id) {
        await().until(() -> probe.types(id).contains(InstanceTransition.Type.STARTED));
        return await().until(
                        () -> probe.state(id),
                        state -> state.filter(known -> known.status() == InstanceStatus.RUNNING && known.pid() != null)
                                .isPresent())
                .orElseThrow();
    }

    private static RequestSpecification asked() {
        return given().header(InternalSecret.HEADER, EmbeddedParts.SECRET);
    }

    private HostWatcher watcher(String host, ContainerEngine engine, TopicPublisher publisher) {
        return new HostWatcher(
                host,
                engine,
                catalogue,
                new KafkaAnnouncer(publisher),
                crash -> {},
                new Selection(false),
                Duration.ofSeconds(30),
                new WatchMetrics(new SimpleMeterRegistry()),
                Clock.systemUTC());
    }

    private InstanceStatus stateOf(String host, String containerId) {
        return catalogue.present(host).stream()
                .filter(state -> state.containerId().equals(containerId))
                .map(InstanceState::status)
                .findFirst()
                .orElse(InstanceStatus.REMOVED);
    }

    private List<InstanceTransition.Type> typesOn(String host, String containerId) {
        return probe.transitions(containerId).stream()
                .filter(transition -> transition.host().equals(host))
                .map(InstanceTransition::type)
                .toList();
    }
}
