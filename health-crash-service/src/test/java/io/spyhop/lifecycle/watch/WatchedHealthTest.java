package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.lifecycle.probe.HealthChange;
import io.spyhop.lifecycle.probe.HealthChange.Kind;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of what probes find out. */
class WatchedHealthTest extends WatchCase {
    private String id = "";

    @BeforeEach
    void watch() {
        startListed();
        id = engine.run(FakeBlueprint.named("web"));
        awaitStarted("web");
        announcer.forget();
    }

    @Test
    void shouldTellOnceWhenItBecomesUnhealthyAndOnceWhenItRecovers() {
        // When
        watcher.healthChanged(id, change(life(), Kind.UNHEALTHY));
        watcher.healthChanged(id, change(life(), Kind.UNHEALTHY));
        watcher.compareNow();
        watcher.healthChanged(id, change(life(), Kind.HEALTHY));
        watcher.healthChanged(id, change(life(), Kind.HEALTHY));
        engine.exit(id, 0);
        await().until(() -> announcer.of("web").contains("+exited"));

        // Then
        assertThat(announcer.of("web"))
                .containsExactly("unhealthy", "+unhealthy", "running", "+healthy", "exited", "+exited");
        InstanceTransition told = announcer.transitions(id).getFirst();
        assertThat(told.failures()).isEqualTo(3);
        assertThat(told.reason()).isEqualTo("status 503");
        assertThat(told.lifeStartedAt()).isEqualTo(life());
    }

    @Test
    void shouldKeepItUnhealthyWhenAnotherTakesOverAndForgetItWithItsLife() {
        // Given
        watcher.healthChanged(id, change(life(), Kind.UNHEALTHY));
        await().until(() -> announcer.of("web").contains("+unhealthy"));
        Instant life = life();
        watcher.close();
        announcer.forget();

        // When
        watcher = watcher(false);
        watcher.start();
        await().until(() -> announcer.of("web").contains("unhealthy"));
        engine.exitAndRestart(id, 1);
        engine.start(id);
        await().until(() -> announcer.of("web").contains("+started"));
        watcher.healthChanged(id, change(life, Kind.UNHEALTHY));
        watcher.healthChanged(id, change(life(), Kind.UNASKED));
        engine.exit(id, 0);
        await().until(() -> announcer.of("web").contains("+exited"));

        // Then
        assertThat(announcer.of("web")).doesNotContain("+unhealthy", "+healthy");
        assertThat(announcer
                        .of("web")
                        .subList(
                                announcer.of("web").indexOf("+started"),
                                announcer.of("web").size()))
                .doesNotContain("unhealthy");
    }

    @Test
    void shouldSayNothingWhenNobodyAsksAnyMore() {
        // Given
        watcher.healthChanged(id, change(life(), Kind.UNHEALTHY));
        await().until(() -> announcer.of("web").contains("+unhealthy"));

        // When
        watcher.healthChanged(id, change(life(), Kind.UNASKED));

        // Then
        await().until(() -> announcer.of("web").contains("running"));
        assertThat(announcer.of("web")).containsExactly("unhealthy", "+unhealthy", "running");
    }

    private Instant life() {
        return Objects.requireNonNull(engine.inspect(id).orElseThrow().startedAt());
    }

    private HealthChange change(Instant life, Kind kind) {
        boolean unhealthy = kind == Kind.UNHEALTHY;
        return new HealthChange(life, kind, clock.instant(), unhealthy ? 3 : null, unhealthy ? "status 503" : null);
    }
}
