package io.spyhop.lifecycle.watch;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.engine.FakeEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of a watched host share: a fake engine, and a watcher whose timer is far off. */
abstract class WatchCase {
    final FakeEngine engine = new FakeEngine();
    final FakeCatalogue catalogue = new FakeCatalogue();
    final RecordingAnnouncer announcer = new RecordingAnnouncer();
    final List<CrashFacts> crashes = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InstantSource engineTime = () -> Instant.ofEpochSecond(0, engine.clockNanos());
    final Clock clock = engineTime.withZone(ZoneOffset.UTC);
    HostWatcher watcher = watcher(false);

    @BeforeEach
    void settings() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }

    @AfterEach
    void stop() {
        watcher.close();
        engine.close();
    }

    final HostWatcher watcher(boolean labelledOnly) {
        return watcher(labelledOnly, Duration.ofSeconds(30));
    }

    final HostWatcher watcher(boolean labelledOnly, Duration reconcileEvery) {
        return new HostWatcher(
                "local",
                engine,
                catalogue,
                announcer,
                facts -> {
                    announcer.note(facts.instance(), "report");
                    crashes.add(facts);
                },
                new Selection(labelledOnly),
                reconcileEvery,
                new WatchMetrics(meters),
                clock);
    }

    final void startListed() {
        watcher.start();
        await().until(watcher::listed);
    }

    /** One waits for no other, so each is waited for. */
    final void awaitStarted(String... names) {
        for (String name : names) {
            await().until(() -> announcer.of(name).contains("+started"));
        }
    }
}
