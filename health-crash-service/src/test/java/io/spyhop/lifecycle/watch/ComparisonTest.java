package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.spyhop.engine.FakeBlueprint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is found that no event told of, and what the engine is asked for that. */
class ComparisonTest extends WatchCase {
    private static final Duration OFTEN = Duration.ofMillis(20);

    @Test
    void shouldCompareAtOnceWhenSomebodyWantsIt() {
        // Given: nothing happens, and the timer is far off
        startListed();
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

    private void watch(Duration reconcileEvery) {
        watcher = watcher(false, reconcileEvery);
        startListed();
    }
}
