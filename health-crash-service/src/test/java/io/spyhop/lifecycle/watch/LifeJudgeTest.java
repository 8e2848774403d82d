package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerSetup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifeJudgeTest {
    private static final Instant T0 = Instant.parse("2026-11-22T03:00:00Z");

    private final LifeJudge judge = new LifeJudge(state(InstanceStatus.CREATING, null, null, null));

    @Test
    void shouldSayStoppedWhenATermCameBefore() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.signalled(15, at(900));

        // When
        List<Happening> happenings = judge.died(at(1000), 143, exited(at(-5), at(990), 143));

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.STOPPED, at(1000), at(-5), 143, false));
        assertThat(judge.status(null)).isEqualTo(InstanceStatus.STOPPED);
    }

    @Test
    void shouldSayStoppedWhenTheOwnStopSignalCameBefore() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.signalled(3, at(900));

        // When
        List<Happening> happenings = judge.died(at(1000), 1, details("exited", at(-5), at(990), 1, false, 3));

        // Then
        assertThat(happenings).extracting(Happening::type).containsExactly(InstanceTransition.Type.STOPPED);
    }

    @Test
    void shouldSayCrashedWhenASignalAskedForSomethingElse() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.signalled(1, at(900));

        // When
        List<Happening> happenings = judge.died(at(1000), 1, exited(at(-5), at(990), 1));

        // Then
        assertThat(happenings).extracting(Happening::type).containsExactly(InstanceTransition.Type.CRASHED);
        assertThat(judge.status(null)).isEqualTo(InstanceStatus.CRASHED);
    }

    @Test
    void shouldSayExitedWhenTheCodeIsZeroAndNobodyAsked() {
        // Given
        judge.started(at(0), running(at(-5)));

        // When
        List<Happening> happenings = judge.died(at(1000), 0, exited(at(-5), at(990), 0));

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.EXITED, at(1000), at(-5), 0, false));
    }

    @Test
    void shouldSayCrashedWhenTheCodeIsOfATermThatNobodySent() {
        // Given
        judge.started(at(0), running(at(-5)));

        // When
        List<Happening> happenings = judge.died(at(1000), 143, exited(at(-5), at(990), 143));

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(1000), at(-5), 143, false));
    }

    @Test
    void shouldSayCrashedByOomWhenAnOomCameJustBefore() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.ranOutOfMemory(at(980));

        // When
        List<Happening> happenings = judge.died(at(1000), 137, exited(at(-5), at(990), 137));

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(1000), at(-5), 137, true));
        assertThat(judge.oomKilled()).isTrue();
    }

    @Test
    void shouldSayExitedWhenARunOfAJobFails() {
        // Given
        LifeJudge failed = run();
        LifeJudge starved = run();
        LifeJudge unseen = run();
        LifeJudge cancelled = run();
        starved.ranOutOfMemory(at(980));
        cancelled.signalled(15, at(900));

        // When / Then
        assertThat(failed.died(at(1000), 3, exited(at(-5), at(990), 3)))
                .containsExactly(new Happening(InstanceTransition.Type.EXITED, at(990), at(-5), 3, false));
        assertThat(failed.status(null)).isEqualTo(InstanceStatus.EXITED);
        assertThat(starved.died(at(1000), 137, exited(at(-5), at(990), 137)))
                .containsExactly(new Happening(InstanceTransition.Type.EXITED, at(990), at(-5), 137, true));
        assertThat(unseen.found(exited(at(-5), at(990), 1), T0))
                .containsExactly(new Happening(InstanceTransition.Type.EXITED, at(990), at(-5), 1, false));
        assertThat(cancelled.died(at(1000), 143, exited(at(-5), at(990), 143)))
                .extracting(Happening::type)
                .containsExactly(InstanceTransition.Type.STOPPED);
    }

    /** That of a run that lives. */
    private static LifeJudge run() {
        LifeJudge run = new LifeJudge(SomeInstance.of("run-1", "c1")
                .kind(Kind.JOB_RUN)
                .status(InstanceStatus.CREATING)
                .state());
        run.started(at(0), running(at(-5)));
        return run;
    }

    @Test
    void shouldNotBlameOomWhenOnlyAChildDiedOfItLongBefore() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.ranOutOfMemory(at(1000));

        // When
        List<Happening> happenings =
                judge.died(at(60_000), 137, details("exited", at(-5), at(59_990), 137, true, null));

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(60_000), at(-5), 137, false));
    }

    @Test
    void shouldForgetTheRequestWhenTheNextLifeBegins() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.signalled(15, at(900));
        judge.died(at(1000), 143, exited(at(-5), at(990), 143));
        judge.started(at(2000), running(at(1990)));

        // When
        List<Happening> happenings = judge.died(at(3000), 3, exited(at(1990), at(2990), 3));

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(3000), at(1990), 3, false));
    }

    @Test
    void shouldChangeNothingWhenEventsAreRepeated() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.signalled(15, at(900));
        judge.died(at(1000), 143, exited(at(-5), at(990), 143));
        judge.started(at(2000), running(at(1990)));
        ContainerDetails now = running(at(1990));

        // When
        judge.signalled(15, at(900));
        List<Happening> again = new ArrayList<>(judge.started(at(0), now));
        again.addAll(judge.died(at(1000), 143, now));
        again.addAll(judge.started(at(2000), now));

        // Then
        assertThat(again).isEmpty();
        assertThat(judge.alive()).isTrue();
        assertThat(judge.died(at(3000), 1, exited(at(1990), at(2990), 1)))
                .extracting(Happening::type)
                .containsExactly(InstanceTransition.Type.CRASHED);
    }

    @Test
    void shouldTellEachLifeWhenAPolicyRestartsAtOnce() {
        // Given: every answer of the engine is already about the second life
        ContainerDetails second = running(at(150));

        // When
        List<Happening> first = judge.started(at(2), second);
        List<Happening> end = judge.died(at(50), 1, second);
        List<Happening> next = judge.started(at(155), second);

        // Then
        assertThat(first).containsExactly(new Happening(InstanceTransition.Type.STARTED, at(2), at(2), null, false));
        assertThat(end).containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(50), at(2), 1, false));
        assertThat(next).containsExactly(new Happening(InstanceTransition.Type.STARTED, at(150), at(150), null, false));
    }

    @Test
    void shouldUseEventTimesWhenTheContainerIsGoneAlready() {
        // When
        List<Happening> start = judge.started(at(0), null);
        List<Happening> end = judge.died(at(20), 0, null);

        // Then
        assertThat(start).containsExactly(new Happening(InstanceTransition.Type.STARTED, at(0), at(0), null, false));
        assertThat(end).containsExactly(new Happening(InstanceTransition.Type.EXITED, at(20), at(0), 0, false));
    }

    @Test
    void shouldSayCrashedWhenAComparisonFindsACodeThatNoStopGives() {
        // Given
        judge.started(at(0), running(at(-5)));
        ContainerDetails now = exited(at(-5), at(5000), 1);

        // When
        List<Happening> happenings = judge.found(now, at(60_000));

        // Then: though it ended before the watch began, it was known to live
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(5000), at(-5), 1, false));
        assertThat(judge.found(now, T0)).isEmpty();
        assertThat(judge.status(now)).isEqualTo(InstanceStatus.CRASHED);
    }

    @ParameterizedTest
    @ValueSource(ints = {137, 143, 255})
    void shouldClaimNoCrashWhenAComparisonFindsACodeThatAStopGives(int code) {
        // Given
        judge.started(at(0), running(at(-5)));

        // When
        List<Happening> happenings = judge.found(exited(at(-5), at(5000), code), T0);

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.EXITED, at(5000), at(-5), code, false));
    }

    @Test
    void shouldSayCrashedByOomWhenTheEngineStillSaysSoAndItsEventsAreGone() {
        // Given
        judge.started(at(0), running(at(-5)));

        // When
        List<Happening> happenings = judge.found(details("exited", at(-5), at(5000), 137, true, null), T0);

        // Then
        assertThat(happenings)
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(5000), at(-5), 137, true));
        assertThat(judge.oomEvidence()).isEqualTo(new OomEvidence(true, "inspect", null, true, null));
    }

    @Test
    void shouldSayCrashedWhenAContainerThatNobodyKnewEndedSinceTheHostWasWatched() {
        // When
        List<Happening> happenings = judge.found(exited(at(0), at(100), 2), T0);

        // Then
        assertThat(happenings)
                .extracting(Happening::type)
                .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.CRASHED);
    }

    @Test
    void shouldSayCrashedWhenTheRequestWasLongBefore() {
        // Given: it takes a TERM for a request to read its settings again
        judge.started(at(0), running(at(-5)));
        judge.signalled(15, at(1000));

        // When
        List<Happening> happenings = judge.died(at(16_001), 3, exited(at(-5), at(16_001), 3));

        // Then
        assertThat(happenings).extracting(Happening::type).containsExactly(InstanceTransition.Type.CRASHED);
    }

    @Test
    void shouldSayStoppedWhenTheContainerMayTakeLongToStop() {
        // Given
        judge.started(at(0), details(Map.of("spyhop.stop.timeout", "60s"), running(at(-5))));
        judge.signalled(15, at(1000));

        // When
        List<Happening> happenings = judge.died(at(50_000), 3, null);

        // Then
        assertThat(happenings).extracting(Happening::type).containsExactly(InstanceTransition.Type.STOPPED);
    }

    @Test
    void shouldKeepWhatEachWitnessSaysOfMemory() {
        // Given
        judge.started(at(0), running(at(-5)));
        judge.ranOutOfMemory(at(1000));

        // When
        judge.died(at(60_000), 137, details("exited", at(-5), at(59_990), 137, true, null));

        // Then: a child was killed, and the engine remembers that
        assertThat(judge.oomEvidence()).isEqualTo(new OomEvidence(false, null, at(1000), true, null));
    }

    @Test
    void shouldCountRestartsOneByOneWhenTheEngineIsAskedLate() {
        // Given
        List<Integer> told = new ArrayList<>();

        // When: asked after the second and the fourth ending; then somebody starts it, and the count begins anew
        for (int counted : List.of(2, 2, 4, 4, 1)) {
            long time = 1000L * told.size();
            judge.started(at(time), running(at(time)));
            judge.died(at(time + 100), 1, null);
            told.add(judge.restarting(counted, counted).restart());
        }

        // Then
        assertThat(told).containsExactly(1, 2, 3, 4, 1);
    }

    @Test
    void shouldTellEndAndStartWhenAComparisonFindsAnotherLife() {
        // Given
        judge.started(at(0), running(at(-5)));
        ContainerDetails now = details("running", at(9000), at(5000), null, false, null);

        // When
        List<Happening> happenings = judge.found(now, T0);

        // Then
        assertThat(happenings)
                .containsExactly(
                        new Happening(InstanceTransition.Type.EXITED, at(5000), at(-5), null, false),
                        new Happening(InstanceTransition.Type.STARTED, at(9000), at(9000), null, false));
    }

    @Test
    void shouldTellStartAndEndWhenADeadContainerIsSeenFirst() {
        // When
        List<Happening> happenings = judge.found(exited(at(-5000), at(-4000), 2), T0);

        // Then
        assertThat(happenings)
                .extracting(Happening::type)
                .containsExactly(InstanceTransition.Type.STARTED, InstanceTransition.Type.EXITED);
    }

    @Test
    void shouldGoOnWhenItIsMadeFromARecord() {
        // Given
        LifeJudge restored = new LifeJudge(state(InstanceStatus.RUNNING, at(-5), null, null));

        // Then
        assertThat(restored.started(at(0), running(at(-5)))).isEmpty();
        assertThat(restored.found(running(at(-5)), T0)).isEmpty();
        assertThat(restored.died(at(100), 3, exited(at(-5), at(90), 3)))
                .containsExactly(new Happening(InstanceTransition.Type.CRASHED, at(100), at(-5), 3, false));
    }

    @Test
    void shouldCloseTheLifeWhenTheContainerIsGone() {
        // Given
        judge.started(at(0), running(at(-5)));

        // When
        List<Happening> happenings = judge.gone(at(1000));

        // Then
        assertThat(happenings)
                .containsExactly(
                        new Happening(InstanceTransition.Type.EXITED, at(1000), at(-5), null, false),
                        new Happening(InstanceTransition.Type.REMOVED, at(1000).plusNanos(1), at(-5), null, false));
    }

    @Test
    void shouldShowTheEnginesStateWhenItTellsMore() {
        assertThat(judge.status(details("created", null, null, null, false, null)))
                .isEqualTo(InstanceStatus.CREATING);
        assertThat(judge.status(details("created", null, null, 127, false, null)))
                .isEqualTo(InstanceStatus.FAILED);
        judge.started(at(0), running(at(-5)));
        assertThat(judge.status(details("paused", at(-5), null, null, false, null)))
                .isEqualTo(InstanceStatus.PAUSED);
        judge.died(at(10), 1, null);
        assertThat(judge.status(details("restarting", at(-5), at(10), 1, false, null)))
                .isEqualTo(InstanceStatus.RESTARTING);
        judge.stoppedInBackoff();
        assertThat(judge.status(exited(at(-5), at(10), 1))).isEqualTo(InstanceStatus.STOPPED);
    }

    private static Instant at(long millis) {
        return T0.plusMillis(millis);
    }

    private static ContainerDetails details(Map<String, String> labels, ContainerDetails like) {
        return new ContainerDetails(
                like.id(),
                like.name(),
                like.image(),
                like.state(),
                labels,
                false,
                like.logDriver(),
                null,
                null,
                false,
                0,
                like.createdAt(),
                like.startedAt(),
                null,
                List.of(),
                null,
                null,
                ContainerSetup.UNKNOWN);
    }

    private static ContainerDetails running(Instant startedAt) {
        return details("running", startedAt, null, null, false, null);
    }

    private static ContainerDetails exited(Instant startedAt, Instant finishedAt, int code) {
        return details("exited", startedAt, finishedAt, code, false, null);
    }

    private static ContainerDetails details(
            String state,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Integer code,
            boolean oomKilled,
            @Nullable Integer stopSignal) {
        return new ContainerDetails(
                "c1",
                "web",
                "image",
                state,
                Map.of(),
                false,
                "json-file",
                null,
                code,
                oomKilled,
                0,
                T0.minusSeconds(60),
                startedAt,
                finishedAt,
                List.of(),
                null,
                stopSignal,
                ContainerSetup.UNKNOWN);
    }

    private static InstanceState state(
            InstanceStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Integer exitCode) {
        return SomeInstance.of("web", "c1")
                .status(status)
                .exit(exitCode, false)
                .created(T0.minusSeconds(60))
                .lived(startedAt, finishedAt)
                .state();
    }
}
