package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.host.HostState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.lifecycle.catalogue.HostReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostWatcherTest extends WatchCase {
    @Test
    void shouldTellAWholeLifeWhenAContainerIsRunAndRemoved() {
        // Given
        startListed();

        // When
        String id = engine.run(FakeBlueprint.named("web"));
        engine.exit(id, 0);
        engine.remove(id);

        // Then
        await().until(() -> announcer.of("web").contains("gone"));
        assertThat(announcer.transitions(id))
                .extracting(transition -> transition.type())
                .containsExactly(
                        InstanceTransition.Type.STARTED,
                        InstanceTransition.Type.EXITED,
                        InstanceTransition.Type.REMOVED);
        assertThat(announcer.of("web").getLast()).isEqualTo("gone");
    }

    @Test
    void shouldTellCreatingThenRunningWhenThereIsTimeBetween() {
        // Given
        startListed();

        // When
        String id = engine.create("web");
        await().until(() -> announcer.of("web").contains("creating"));
        engine.start(id);
        await().until(() -> announcer.of("web").contains("+started"));

        // Then
        assertThat(announcer.of("web")).containsExactly("creating", "running", "running", "+started");
        assertThat(announcer.transitions(id).getFirst().at())
                .isEqualTo(engine.inspect(id).orElseThrow().startedAt());
    }

    @Test
    void shouldTellVerdictsWhenLivesEnd() {
        // Given
        startListed();
        String stopped = engine.run(FakeBlueprint.named("stopped"));
        String crashed = engine.run(FakeBlueprint.named("crashed"));
        String oom = engine.run(FakeBlueprint.named("oom"));
        String exited = engine.run(FakeBlueprint.named("exited"));

        // When
        engine.stop(stopped, 143);
        engine.exit(crashed, 3);
        engine.runOutOfMemory(oom);
        engine.exit(exited, 0);

        // Then
        for (String name : List.of("stopped", "crashed", "oom", "exited")) {
            String status = name.equals("oom") ? "crashed" : name;
            await().untilAsserted(() -> assertThat(announcer.of(name)).contains(status, "+" + status));
        }
        assertThat(announcer.transitions(oom).getLast().oomKilled()).isTrue();
        assertThat(announcer.transitions(crashed).getLast().oomKilled()).isFalse();
        assertThat(announcer.transitions(crashed).getLast().exitCode()).isEqualTo(3);
    }

    @Test
    void shouldTellAStartBeforeTheEngineAnswersWhenItsRecordCanBeRead() {
        // Given
        startListed();
        engine.setRecordsReadable(true);

        // When
        engine.setInspectsHeld(true);
        String id = engine.run(FakeBlueprint.named("web"));

        // Then
        await().until(() -> announcer.of("web").contains("+started"));
        engine.setInspectsHeld(false);
        assertThat(announcer.transitions(id).getFirst().at())
                .isEqualTo(engine.inspect(id).orElseThrow().startedAt());
        assertThat(announcer.of("web")).as("told once").endsWith("creating", "running", "+started");
    }

    @Test
    void shouldTellACrashBeforeTheEngineAnswersWhenItsEventSaysEnough() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("web"));
        await().until(() -> announcer.of("web").contains("+started"));

        // When
        engine.setInspectsHeld(true);
        engine.exit(id, 137);

        // Then
        await().until(() -> announcer.of("web").contains("+crashed"));
        assertThat(crashes).isEmpty();
        engine.setInspectsHeld(false);
        await().until(() -> crashes.size() == 1);
        await().untilAsserted(() ->
                assertThat(announcer.of("web")).endsWith("running", "+started", "crashed", "+crashed", "report"));
        assertThat(crashes.getFirst().oom().inspect())
                .as("what the engine said")
                .isFalse();
        assertThat(crashes.getFirst().at())
                .isEqualTo(announcer.transitions(id).getLast().at());
    }

    @Test
    void shouldPassOnThatTheEngineFoundOutSomethingAboutItsHealth() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("web"));
        await().until(() -> announcer.of("web").contains("+started"));

        // When
        engine.emit(new ContainerEvent(Instant.ofEpochSecond(0, engine.clockNanos()), id, "health_status", Map.of()));

        // Then
        await().until(() -> announcer.of(id).contains("health"));
        assertThat(announcer.of("web")).as("nothing else is new").endsWith("running", "+started");
    }

    @Test
    void shouldTellEndThenStartWhenAPolicyRestarts() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("web"));

        // When
        engine.exitAndRestart(id, 1);
        await().until(() -> announcer.of("web").contains("restarting"));
        engine.start(id);

        // Then
        await().until(() -> announcer.transitions(id).size() == 4);
        assertThat(announcer.of("web"))
                .endsWith("crashed", "+crashed", "report", "restarting", "+restarting", "running", "+started");
        InstanceTransition restarting = announcer.transitions(id).get(2);
        assertThat(restarting.restart()).isEqualTo(1);
        assertThat(restarting.delayMillis()).isEqualTo(100);
        assertThat(crashes).hasSize(1);
        assertThat(crashes.getFirst().restartIn()).isEqualTo(Duration.ofMillis(100));
        assertThat(crashes.getFirst().at())
                .isEqualTo(announcer.transitions(id).get(1).at());
    }

    @Test
    void shouldReportNoCrashWhenARunOfAJobFails() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("run").withLabels(Map.of("spyhop.kind", "job-run")));

        // When
        engine.exit(id, 3);

        // Then
        await().until(() -> announcer.of("run").contains("+exited"));
        assertThat(announcer.of("run")).endsWith("running", "+started", "exited", "+exited");
        assertThat(announcer.transitions(id).getLast().exitCode()).isEqualTo(3);
        assertThat(crashes).isEmpty();
    }

    @Test
    void shouldListWhatIsThereWhenTheWatchBegins() {
        // Given
        String running = engine.run(FakeBlueprint.named("running"));
        String dead = engine.run(FakeBlueprint.named("dead"));
        engine.exit(dead, 1);
        engine.advance(Duration.ofMinutes(1));

        // When
        startListed();

        // Then
        assertThat(announcer.of("running")).containsExactly("running", "+started");
        assertThat(announcer.of("dead")).containsExactly("exited", "+started", "+exited");
        assertThat(announcer.transitions(running)).hasSize(1);
    }

    @Test
    void shouldRepeatStatesButNoTransitionsWhenAnotherWatcherTakesOver() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("web"));
        await().until(() -> announcer.of("web").contains("+started"));
        watcher.close();
        announcer.forget();

        // When
        watcher = watcher(false);
        startListed();

        // Then
        assertThat(announcer.of("web")).containsExactly("running");
        assertThat(announcer.transitions(id)).isEmpty();
    }

    @Test
    void shouldKeepTheVerdictWhenALifeEndedWhileNobodyWatched() {
        // Given
        startListed();
        String crashed = engine.run(FakeBlueprint.named("crashed"));
        String stopped = engine.run(FakeBlueprint.named("stopped"));
        String removed = engine.run(FakeBlueprint.named("removed"));
        awaitStarted("crashed", "stopped", "removed");
        watcher.compareNow();
        await().until(() -> catalogue.lastEventAt("local").isPresent());
        watcher.close();
        announcer.forget();

        // When
        engine.exit(crashed, 3);
        engine.stop(stopped, 143);
        engine.remove(removed);
        watcher = watcher(false);
        startListed();

        // Then
        await().untilAsserted(() -> {
            assertThat(announcer.of("crashed")).containsExactly("crashed", "+crashed", "report");
            assertThat(announcer.of("stopped")).containsExactly("stopped", "+stopped");
            assertThat(announcer.of("removed")).endsWith("+stopped", "+removed", "gone");
        });
    }

    @Test
    void shouldGoByTheCodeWhenTheEngineForgotItsEvents() {
        // Given
        startListed();
        String dead = engine.run(FakeBlueprint.named("dead"));
        String gone = engine.run(FakeBlueprint.named("gone"));
        awaitStarted("dead", "gone");
        watcher.close();
        announcer.forget();

        // When
        engine.exit(dead, 3);
        engine.remove(gone);
        engine.restartEngine();
        watcher = watcher(false);
        startListed();

        // Then
        await().untilAsserted(() -> {
            assertThat(announcer.of("dead")).containsExactly("crashed", "+crashed", "report");
            assertThat(announcer.of("gone")).containsExactly("+exited", "+removed", "gone");
        });
        assertThat(announcer.transitions(dead).getFirst().exitCode()).isEqualTo(3);
    }

    @Test
    void shouldGoOnWhenTheEngineComesBack() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("web"));
        await().until(() -> announcer.of("web").contains("+started"));

        // When
        engine.setUnreachable(true);
        await().until(() -> watcher.state() == HostState.AWAY);
        engine.exit(id, 3);
        engine.setUnreachable(false);

        // Then
        await().untilAsserted(() -> assertThat(announcer.of("web")).endsWith("crashed", "+crashed", "report"));
        assertThat(watcher.state()).isEqualTo(HostState.WATCHING);
        assertThat(watcher.listed()).isTrue();
    }

    @Test
    void shouldKeepHowItIsWhenTheDatabaseFailsMeanwhile() {
        // Given
        engine.setUnreachable(true);
        watcher.start();
        await().untilAsserted(() -> assertThat(catalogue.report("local"))
                .hasValueSatisfying(report -> assertThat(report)
                        .extracting(HostReport::state, HostReport::engine, HostReport::lastContactAt)
                        .containsExactly(HostState.AWAY, null, null)));
        engine.setUnreachable(false);
        await().untilAsserted(() -> assertThat(catalogue.report("local")).hasValueSatisfying(report -> {
            EngineVersion version = engine.version();
            assertThat(report.state()).isEqualTo(HostState.WATCHING);
            assertThat(report.engine()).isEqualTo(version.product() + " " + version.version());
            assertThat(report.apiVersion()).isEqualTo(version.apiVersion());
            assertThat(report.lastContactAt()).isNotNull();
        }));

        // When
        catalogue.failNext(2);
        engine.setUnreachable(true);

        // Then
        await().untilAsserted(() -> assertThat(catalogue.report("local")).hasValueSatisfying(report -> {
            assertThat(report.state()).isEqualTo(HostState.AWAY);
            assertThat(report.lastContactAt()).isNotNull();
        }));
    }

    @Test
    void shouldLoseNothingWhenBrokerAndDatabaseFailForAWhile() {
        // Given
        startListed();

        // When
        announcer.failNext(3);
        catalogue.failNext(3);
        String id = engine.run(FakeBlueprint.named("web"));
        engine.exit(id, 3);

        // Then
        await().untilAsserted(() -> assertThat(announcer.transitions(id))
                .extracting(transition -> transition.type())
                .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.CRASHED));
    }

    @Test
    void shouldShowPauseAndNameWhenTheyChange() {
        // Given
        startListed();
        String id = engine.run(FakeBlueprint.named("web"));

        // When
        engine.pause(id);
        await().until(() -> announcer.of("web").contains("paused"));
        engine.unpause(id);
        engine.rename(id, "other");

        // Then
        await().until(() -> announcer.of("other").contains("running"));
        assertThat(announcer.transitions(id)).hasSize(1);
    }

    @Test
    void shouldLeaveAloneWhatIsNotSelected() {
        // Given
        String before = engine.run(FakeBlueprint.named("before").withLabels(Map.of("spyhop.enable", "false")));
        startListed();

        // When
        String after = engine.run(FakeBlueprint.named("after").withLabels(Map.of("spyhop.enable", "false")));
        engine.run(FakeBlueprint.named("seen"));
        await().until(() -> announcer.of("seen").contains("+started"));

        // Then
        await().until(() -> watcher.containers() == 1);
        assertThat(announcer.transitions(before)).isEmpty();
        assertThat(announcer.transitions(after)).isEmpty();
    }

    @Test
    void shouldSelectByLabelWhenToldSo() {
        // Given
        watcher = watcher(true);
        startListed();

        // When
        engine.run(FakeBlueprint.named("plain"));
        engine.run(FakeBlueprint.named("labelled").withLabels(Map.of("spyhop.name", "x")));

        // Then
        await().until(() -> announcer.of("labelled").contains("+started"));
        assertThat(announcer.of("plain")).isEmpty();
    }

    @Test
    void shouldNotWaitForOthersWhenManyContainersLiveAtOnce() {
        // Given
        startListed();

        // When
        for (int i = 0; i < 200; i++) {
            engine.run(FakeBlueprint.named("c" + i));
        }

        // Then
        await().until(() ->
                announcer.of("c199").contains("+started") && announcer.of("c0").contains("+started"));
        await().until(() -> watcher.containers() == 200);
    }
}
