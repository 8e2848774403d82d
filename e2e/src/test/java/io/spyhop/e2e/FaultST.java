package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every process of a split Spyhop is killed, and held still, while containers write and clients follow. Whatever happens:
 * every line is stored once, numbers are whole, followers miss nothing, and others take over within seconds. A process
 * that is killed stays away for longer than its session with the broker, so that its work must move. The same containers
 * write through all tests.
 */
class FaultST {
    /** Longer than a session (6 s), so that a replica that is killed or held still loses its share. */
    private static final Duration LONG_AWAY = Duration.ofSeconds(7);

    /** Shorter than it, so that nothing moves. */
    private static final Duration SHORT_AWAY = Duration.ofSeconds(3);

    /** The aim is 10 s on a machine that has nothing else to do. */
    private static final Duration TAKE_OVER_MAX = Duration.ofSeconds(20);

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int WRITERS = 5;

    /** So many that each of two replicas has some of them. */
    private static final int BURNERS = 8;

    private static final Containers CONTAINERS = new Containers(Engine.ofThisMachine());
    private static final Spyhop SPYHOP = Spyhop.split(
            "faults",
            Engine.ofThisMachine(),
            "--replicas=log-service=2",
            "--replicas=metrics-service=2",
            "--replicas=health-crash-service=2",
            "--restart-delay=" + LONG_AWAY.toSeconds());

    private static Load load;

    private final Api api = SPYHOP.api();

    @BeforeAll
    static void start() {
        SPYHOP.start();
        load = Load.start(SPYHOP.api(), CONTAINERS, "load", WRITERS);
    }

    @AfterAll
    static void shouldHaveEveryLineOnceWhenAllIsOver() {
        Load last = load;
        try (CONTAINERS;
                SPYHOP;
                last) {
            last.finish();
        }
    }

    /** As a start leaves it, and whatever pauses there were before. */
    @BeforeEach
    void awaitRest() {
        for (String service : List.of("log-service", "metrics-service")) {
            await("each " + service + " has its share")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> partitions(service + "-0") == 6 && partitions(service + "-1") == 6);
        }
        watcher();
        load.awaitFlow();
        load.pauseMax();
    }

    @Test
    void shouldMoveTheWorkWhenOneOfTwoLogServicesIsKilled() {
        // When
        kill("log-service-0");

        // Then
        load.awaitFlow();
        tookOver("log-service-0 killed", load.pauseMax());
        awaitBack("log-service-0");
        load.check();
    }

    @Test
    void shouldMoveTheWorkOnceWhenLogServicesAreHeldStill() {
        // When: both for a moment; then one until the other has its work. It wakes up and believes that it is still its
        // own.
        List<String> both = List.of("log-service-0", "log-service-1");
        both.forEach(part -> SPYHOP.signal(part, "STOP"));
        SPYHOP.pass(SHORT_AWAY);
        both.forEach(part -> SPYHOP.signal(part, "CONT"));
        load.awaitFlow();
        load.pauseMax();
        SPYHOP.signal("log-service-1", "STOP");
        load.awaitFlow();
        Duration pause = load.pauseMax();
        SPYHOP.signal("log-service-1", "CONT");

        // Then
        tookOver("log-service-1 held still", pause);
        load.awaitFlow();
        awaitReady("log-service-1");
        load.check();
    }

    @Test
    void shouldNameWhatIsAwayAndServeTheRestWhenEveryLogServiceIsKilled() {
        // Given
        Container container = CONTAINERS.shell("la-read", "echo hi; exec sleep 600");
        String id = api.awaitWorkload(container.name());

        // When
        kill("log-service-0");
        kill("log-service-1");

        // Then
        Api.Answer answer = api.get(Api.address(id) + "/logs?tail=1").isProblem(503, "dependency-away");
        assertThat(answer.json().path("detail").asText()).contains("log-service");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(api.get(Api.address(id)).status()).isEqualTo(200);
        assertThat(api.get("/api/v1/workloads").status()).isEqualTo(200);
        awaitBack("log-service-0");
        awaitBack("log-service-1");
        load.check();
        CONTAINERS.remove(container);
    }

    @Test
    void shouldWatchTheHostElsewhereWhenItsWatcherIsKilledOrHeldStill() {
        // Given
        String watcher = watcher();

        // When
        kill(watcher);
        Container first = CONTAINERS.shell("hk-first", "seq 1 100");
        long at = System.nanoTime();
        String firstId = api.awaitWorkload(first.name());
        api.awaitSystemLine(firstId, "worker exited", 1);
        Duration seen = Duration.ofNanos(System.nanoTime() - at);
        awaitBack(watcher);
        String other = watcher();
        SPYHOP.signal(other, "STOP");
        Container second = CONTAINERS.shell("hk-second", "seq 1 100");
        at = System.nanoTime();
        String secondId = api.awaitWorkload(second.name());
        api.awaitSystemLine(secondId, "worker exited", 1);
        Duration seenAgain = Duration.ofNanos(System.nanoTime() - at);
        SPYHOP.signal(other, "CONT");
        awaitReady(other);

        // Then
        tookOver(watcher + " killed", seen);
        tookOver(other + " held still", seenAgain);
        assertThat(Line.messages(api.lines(firstId), "stdout")).isEqualTo(FirstPathST.numbers(1, 100));
        assertThat(Line.messages(api.lines(secondId), "stdout")).isEqualTo(FirstPathST.numbers(1, 100));
        assertThat(Line.messages(api.lines(secondId), "system")).containsExactly("worker started", "worker exited");
        load.check();
    }

    @Test
    void shouldNotDisturbTheLogsAndSampleOnWhenOtherServicesAreKilledAndHeldStill() {
        try (Burners burners = new Burners(CONTAINERS, api, "burn", BURNERS)) {
            // When
            List<String> killed = List.of("metrics-service-0", "jobs-service-0", "port-detector-0");
            killed.forEach(FaultST::kill);
            long at = System.nanoTime();
            await("metrics-service-1 has every workload")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> partitions("metrics-service-1") == 12);
            tookOver("metrics-service-0 killed", Duration.ofNanos(System.nanoTime() - at));
            killed.forEach(FaultST::awaitBack);
            await("the share is divided again")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> partitions("metrics-service-0") == 6);
            List<String> held = List.of("metrics-service-1", "jobs-service-0", "port-detector-0");
            held.forEach(part -> SPYHOP.signal(part, "STOP"));
            at = System.nanoTime();
            await("metrics-service-0 has every workload")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> partitions("metrics-service-0") == 12);
            tookOver("metrics-service-1 held still", Duration.ofNanos(System.nanoTime() - at));
            held.forEach(part -> SPYHOP.signal(part, "CONT"));

            // Then
            held.forEach(FaultST::awaitReady);
            assertThat(load.pauseMax()).isLessThan(Duration.ofSeconds(5));
            burners.awaitSamplesAfter(Instant.now());
            tookOver("metrics-service killed and held still, no samples", burners.gapMax());
            load.check();
        }
    }

    @Test
    void shouldResumeEveryFollowerWhenTheGatewayIsHeldStillAndKilled() {
        // When
        SPYHOP.signal("gateway-0", "STOP");
        SPYHOP.pass(LONG_AWAY);
        SPYHOP.signal("gateway-0", "CONT");
        load.awaitFlow();
        kill("gateway-0");
        SPYHOP.awaitReady();

        // Then
        load.check();
    }

    @Test
    void shouldLoseNothingWhenTheBrokerIsKilledAndHeldStill() {
        try (Burners burners = new Burners(CONTAINERS, api, "bk-burn", BURNERS)) {
            // When: lines go on to be stored, and readers find them by their numbers before the broker is back.
            kill("broker");
            load.awaitFlow();
            Duration pause = load.pauseMax();
            tookOver("broker killed, pause of the followers", pause);
            assertThat(pause).isLessThan(LONG_AWAY);
            await("the broker is back")
                    .atMost(LONG)
                    .until(() -> SPYHOP.pid("broker").isPresent());
            load.awaitFlow();
            SPYHOP.signal("broker", "STOP");
            SPYHOP.pass(LONG_AWAY);
            SPYHOP.signal("broker", "CONT");

            // Then
            load.awaitFlow();
            Container late = CONTAINERS.shell("bk-late", "seq 1 100; exec sleep 600");
            String id = api.awaitWorkload(late.name());
            api.awaitLines(id, 101, LONG);
            assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(FirstPathST.numbers(1, 100));
            burners.awaitSamplesAfter(Instant.now());
            assertThat(burners.gapMax()).as("samples wait in memory").isLessThan(LONG_AWAY);
            load.check();
        }
    }

    @Test
    void shouldLoseNothingWhenTheDatabaseIsKilledAndRestarted() {
        try (Burners burners = new Burners(CONTAINERS, api, "dk-burn", BURNERS)) {
            // Given
            Container service = CONTAINERS.shell("dk-service", "exec sleep 600");
            Jobs jobs = new Jobs(api, Api.address(api.awaitWorkload(service.name())));
            String run =
                    jobs.run(jobs.create("count", "for i in 1 2 3 4; do echo $i; sleep 1; done; exit 7", Map.of()));
            jobs.awaitOutput(run, "1");

            // When
            kill("database");
            await("the database is missed")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> api.get("/api/v1/workloads").status() == 503);
            await("the database is back")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> api.get("/api/v1/workloads").status() == 200);
            load.awaitFlow();
            tookOver(
                    "database killed, away for " + LONG_AWAY.toSeconds() + " s",
                    load.pauseMax().minus(LONG_AWAY));
            SPYHOP.signal("database", "TERM");
            SPYHOP.pass(SHORT_AWAY);

            // Then
            load.awaitFlow();
            burners.awaitSamplesAfter(Instant.now());
            assertThat(burners.gapMax()).as("samples wait at the broker").isLessThan(LONG_AWAY);
            assertThat(jobs.awaitEnd(run).path("exitCode").asInt()).isEqualTo(7);
            jobs.awaitOutput(run, "1", "2", "3", "4");
            CONTAINERS.remove(service);
            load.check();
        }
    }

    private static void kill(String part) {
        SPYHOP.signal(part, "KILL");
        await("the end of " + part)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> SPYHOP.pid(part).isEmpty());
    }

    private static void awaitBack(String part) {
        await(part + " is started again")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> SPYHOP.pid(part).isPresent());
        awaitReady(part);
    }

    private static void awaitReady(String part) {
        await(part + " is ready")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                .until(() -> SPYHOP.readiness(part).status() == 200);
    }

    /** The health-crash-service that watches the host. */
    private static String watcher() {
        return await("a watcher")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                .until(
                        () -> List.of("health-crash-service-0", "health-crash-service-1").stream()
                                .filter(part -> data(part, "hosts").getOrDefault("hosts", 0) > 0)
                                .findFirst()
                                .orElse(""),
                        part -> !part.isEmpty());
    }

    private static int partitions(String part) {
        try {
            return data(part, part.replaceFirst("-[0-9]+$", "")).getOrDefault("partitions", -1);
        } catch (Api.NoAnswer e) {
            return -1;
        }
    }

    private static Map<String, Integer> data(String part, String check) {
        for (var each : SPYHOP.readiness(part).json().path("checks")) {
            if (each.path("name").asText().equals(check)) {
                return each.path("data").properties().stream()
                        .filter(entry -> entry.getValue().isInt())
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().asInt()));
            }
        }
        return Map.of();
    }

    /** Keeps the figure for whoever asks, beside the logs. */
    private static void tookOver(String what, Duration time) {
        try {
            Files.writeString(
                    Spyhop.work().resolve("take-over.txt"),
                    "%s: %.1f s%n".formatted(what, time.toMillis() / 1000.0),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(time).as(what).isLessThan(TAKE_OVER_MAX);
    }
}
