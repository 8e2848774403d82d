package io.spyhop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FakeEngineTest extends ContainerEngineContract {
    private final FakeEngine engine = new FakeEngine();

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected Instant now() {
        return Instant.EPOCH.plusNanos(engine.clockNanos());
    }

    @Override
    protected String create(String name, boolean tty) {
        return engine.create(
                FakeBlueprint.named(name).withLabels(Map.of("team", "blue")).withTty(tty));
    }

    @Override
    protected void start(String id) {
        engine.start(id);
    }

    @Override
    protected void write(String id, boolean stderr, String line) {
        engine.write(id, stderr, line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void exit(String id, int code) {
        engine.exit(id, code);
    }

    @Override
    protected void kill(String id) {
        engine.kill(id, 9);
    }

    @Override
    protected void remove(String id) {
        engine.remove(id);
    }

    @Override
    protected ContainerSpec spec(String name) {
        engine.control().putImage("fake:1");
        return new ContainerSpec(
                name,
                "fake:1",
                List.of(),
                List.of(),
                Map.of(),
                Map.of("team", "blue"),
                64L * 1024 * 1024,
                0,
                new ContainerSpec.Restart("no", 0),
                null);
    }

    @Test
    void shouldBreakEverythingWhenItBecomesUnreachable() throws Exception {
        // Given
        String id = engine.run(FakeBlueprint.named("web"));
        EventStream events = engine.events(now());
        LogStream log = engine.logs(new LogRequest(id, false, 0, true));
        CompletableFuture<Void> reading = read(log, new CopyOnWriteArrayList<>());

        // When
        engine.setUnreachable(true);

        // Then
        assertThatThrownBy(() -> reading.get(2, TimeUnit.SECONDS)).hasCauseInstanceOf(EngineException.class);
        assertThatThrownBy(() -> events.next(Duration.ZERO)).isInstanceOf(EngineException.class);
        assertThatThrownBy(engine::version).isInstanceOf(EngineException.class);
        assertThat(engine.openStreams()).isZero();
        engine.setUnreachable(false);
        assertThat(engine.list()).containsOnlyKeys(id);
    }

    @Test
    void shouldCountRestartsAndKeepTheLogWhenAPolicyRestarts() throws Exception {
        // Given
        String id = engine.run(FakeBlueprint.named("web"));
        engine.write(id, "first life");

        // When
        engine.exitAndRestart(id, 1);
        String between = engine.inspect(id).orElseThrow().state();
        engine.start(id);
        engine.writeError(id, "second life");

        // Then
        assertThat(between).isEqualTo("restarting");
        assertThat(engine.inspect(id).orElseThrow().restartCount()).isEqualTo(1);
        assertThat(read(id, false, 0)).extracting(Line::text).containsExactly("first life", "second life");
    }

    @Test
    void shouldShowTheTimesThatAreSetWhenTheClockIsMoved() throws Exception {
        // Given
        String id = engine.run(FakeBlueprint.named("web"));
        engine.setClockNanos(1_800_000_000_000_000_005L);

        // When
        engine.write(id, "one");
        engine.advance(Duration.ofSeconds(1));
        engine.write(id, "two");

        // Then
        assertThat(read(id, false, 0))
                .extracting(Line::atNanos)
                .containsExactly(1_800_000_000_000_000_005L, 1_800_000_001_000_001_005L);
    }

    @Test
    void shouldTellOfAnOutOfMemoryDeathWhenItHappens() throws Exception {
        // Given
        String id = engine.run(FakeBlueprint.named("web"));
        EventStream events = engine.events(now());

        // When
        engine.runOutOfMemory(id);

        // Then
        assertThat(take(events, id, 2)).extracting(ContainerEvent::action).isEqualTo(List.of("oom", "die"));
        assertThat(engine.inspect(id).orElseThrow().oomKilled()).isTrue();
    }

    @Test
    void shouldRefuseALogWhenItsDriverKeepsNone() {
        // Given
        String id = engine.run(FakeBlueprint.named("web").withLogDriver("none"));

        // When // Then
        assertThatThrownBy(() -> engine.logs(new LogRequest(id, false, 0, true)))
                .isInstanceOf(LogUnreadableException.class);
    }
}
