package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.engine.FakeEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found that no event told of, and what the engine is asked for that. */
class ComparisonTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final FakeEngine engine = new FakeEngine();
    private final FakeCatalogue catalogue = new FakeCatalogue();
    private final RecordingAnnouncer announcer = new RecordingAnnouncer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InstantSource engineTime = () -> Instant.ofEpochSecond(0, engine.clockNanos());
    private final Clock clock = engineTime.withZone(ZoneOffset.UTC);
    private @Nullable HostWatcher watcher;

    @BeforeEach
    void settings() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }

    @AfterEach
    void stop() {
        if (watcher != null) {
            watcher.close();
        }
        engine.close();
    }

    @Test
    void shouldCompareAtOnceWhenSomebodyWantsIt() {
        // Given: nothing happens, and the timer is far off
        HostWatcher watcher = watch(Duration.ofMinutes(1));
        engine.run(FakeBlueprint.named("web"));
        awaitStarted("web");
        long inspected = inspected();

        // When
        watcher.compareNow();

        // Then
        await().until(() -> inspected() > inspected);
    }

    @Test
    void shouldFindWhatWasNotToldWhenAListContradictsIt() {
        // Given
        watch(Duration.ofSeconds(1));
        String web = engine.run(FakeBlueprint.named("web"));
        awaitStarted("web");
        engine.setEventsLost(true);

        // When
        engine.exit(web, 3);
        await().until(() -> announcer.of("web").contains("+crashed"));
        engine.start(web);

        // Then
        await().until(() -> announcer.of("web").getLast().equals("+started"));
        assertThat(engine.lists())
                .as("all were asked about the first time only")
                .isLessThanOrEqualTo(10);
    }

    @Test
    void shouldFindALifeThatWasNotToldWhenTheNextOneRuns() {
        // Given
        watch(OFTEN);
        String web = engine.run(FakeBlueprint.named("web"));
        awaitStarted("web");
        engine.setEventsLost(true);
        announcer.forget();

        // When: a list shows what it showed before
        engine.exit(web, 3);
        engine.start(web);

        // Then
        await().untilAsserted(() -> assertThat(announcer.of("web"))
                .as("the engine has forgotten how it ended")
                .containsExactly("running", "+exited", "+started"));
    }

    @Test
    void shouldAskOnlyAboutAllOnceInTenTimesWhenNothingHappens() {
        // Given
        watch(OFTEN);
        engine.run(FakeBlueprint.named("web"));
        engine.exit(engine.run(FakeBlueprint.named("ended")), 0);
        awaitStarted("web");
        await().until(() -> announcer.of("ended").contains("+exited"));
        int lists = engine.lists();
        long inspected = inspected();

        // When
        await().until(() -> engine.lists() >= lists + 30);

        // Then
        assertThat(inspected() - inspected).isBetween(4L, 10L);
    }

    private long inspected() {
        return meters.find("spyhop_engine_inspect").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private void awaitStarted(String name) {
        await().until(() -> announcer.of(name).contains("+started"));
    }

    private HostWatcher watch(Duration reconcileEvery) {
        HostWatcher started = new HostWatcher(
                "local",
                engine,
                catalogue,
                announcer,
                facts -> {},
                new Selection(false),
                reconcileEvery,
                new WatchMetrics(meters),
                clock);
        watcher = started;
        started.start();
        await().until(started::listed);
        return started;
    }
}
