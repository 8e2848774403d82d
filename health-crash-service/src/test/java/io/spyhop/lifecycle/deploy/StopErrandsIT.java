package io.spyhop.lifecycle.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.lifecycle.watch.EmbeddedParts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class StopErrandsIT extends ErrandCase {
    /** More than any errand has. */
    private static final int STEPS_MAX = 10;

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void shouldLeaveNothingWhenSpyhopEndsAtAnyStepOfAStop(boolean done, boolean stubborn) {
        List<String> expected = List.of();
        for (int killedAt = 0; killedAt < STEPS_MAX; killedAt++) {
            // Given
            DeploymentSpec spec = spec(name());
            WorkloadId id = create(new DeploymentSpec(
                            spec.name(),
                            spec.org(),
                            spec.image(),
                            spec.host(),
                            List.of(),
                            null,
                            Map.of(),
                            null,
                            0,
                            0,
                            "always",
                            0,
                            Map.of("stop.timeout", "300ms")))
                    .id();
            if (stubborn) {
                engine.control().makeStubborn("spyhop-" + id);
            }
            work(id);
            int before = notes(id).size();

            // When
            Workload asked = stop(id);
            boolean killed = killAt(id, killedAt, done);
            work(id);

            // Then
            Workload stopped = view(id);
            assertThat(asked.status()).isEqualTo(InstanceStatus.STOPPING);
            assertThat(open(id)).as("killed at %s", killedAt).isEmpty();
            assertThat(engine.inspect("spyhop-" + id)).isEmpty();
            assertThat(routes.routes()).doesNotContainKey(id);
            assertThat(deployment(id).hostPort()).isNull();
            assertThat(deployment(id).containerId()).isNull();
            assertThat(stopped.status()).isEqualTo(InstanceStatus.REMOVED);
            assertThat(stopped.publicUrl()).isNull();
            Workload.Stop stop = Objects.requireNonNull(stopped.lastStop());
            assertThat(stop.killed()).isEqualTo(stubborn);
            assertThat(stop.tookMs()).isBetween(stubborn ? 200L : 0L, 30_000L);
            assertThat(engine.control().done()).containsOnlyOnce("remove spyhop-" + id);
            assertThat(engine.control().done()).as("killed at %s", killedAt).containsOnlyOnce("signal 15 spyhop-" + id);
            List<String> notes = notes(id).subList(before, notes(id).size());
            expected = expected.isEmpty() ? notes : expected;
            if (done) {
                assertThat(notes).as("killed at %s", killedAt).doesNotHaveDuplicates();
            } else {
                assertThat(notes).as("killed at %s", killedAt).isEqualTo(expected);
            }
            if (!killed) {
                assertThat(killedAt).isEqualTo(stubborn ? 7 : 6);
                break;
            }
        }
    }

    @Test
    void shouldStopWhatIsBeingMade() {
        // Given
        WorkloadId id = create(name()).id();
        Errand creation = open(id).orElseThrow();
        AtomicInteger count = new AtomicInteger();

        // When: somebody asks for a stop between two steps
        new ErrandRun(creation, ledger, errand -> {
                    if (count.getAndIncrement() == 3) {
                        stop(id);
                    }
                    return steps.perform(errand);
                })
                .run();

        // Then
        assertThat(open(id).orElseThrow().kind()).isEqualTo(ErrandKind.STOP);

        // When
        work(id);

        // Then
        assertThat(engine.control().containers()).isEmpty();
        assertThat(deployment(id).hostPort()).isNull();
        assertThat(view(id).status()).isEqualTo(InstanceStatus.REMOVED);
        assertConflict(() -> stop(id));
    }

    @Test
    void shouldStopButKeepWhatSpyhopDidNotMake() {
        // Given
        String name = name();
        String container = engine.run(FakeBlueprint.named(name));
        WorkloadId id = seated(container);

        // When
        stop(id);
        work(id);

        // Then
        assertThat(engine.control().containers()).containsExactly(name);
        assertThat(engine.inspect(name).orElseThrow().alive()).isFalse();
        assertThat(notes(id))
                .containsExactly("[STOP] signal", "[STOP] keep the container: Spyhop did not make it", "[STOP] done");
        assertThat(Objects.requireNonNull(view(id).lastStop()).killed()).isFalse();
        assertThat(view(id).managed()).isFalse();
    }

    @Test
    void shouldStartAgainWhatItStopped() {
        // Given
        String name = name();
        WorkloadId id = seated(engine.run(FakeBlueprint.named(name)));

        // When
        Workload asked = restart(id);
        boolean killed = killAt(id, 1, true);
        work(id);

        // Then
        assertThat(asked.status()).isEqualTo(InstanceStatus.RESTARTING);
        assertThat(killed).isTrue();
        assertThat(engine.control().done()).containsExactly("signal 15 " + name, "start " + name);
        assertThat(engine.inspect(name).orElseThrow().alive()).isTrue();
        assertThat(notes(id)).containsExactly("[RESTART] signal", "[RESTART] done");
        assertThat(view(id).lastStop()).isNull();
    }

    @Test
    void shouldStopButKeepARunOfAJobAndNotStartItAgain() {
        // Given: one that bears all labels of the deployment that it is made after
        String name = name();
        Map<String, String> labels = Map.of(Hosts.MANAGED, ledger.installation(), "spyhop.id", name);
        Map<String, String> ofRun = new HashMap<>(labels);
        RunProof proof = RunProof.create();
        ofRun.put("spyhop.kind", "job-run");
        ofRun.put("spyhop.id", RunId.create(Instant.now(), proof).value());
        ofRun.put(RunProof.LABEL, proof.value());
        WorkloadId id = seated(engine.run(FakeBlueprint.named(name).withLabels(ofRun)));

        // When
        assertConflict(() -> restart(id));
        stop(id);
        work(id);

        // Then
        assertThat(hosts.areOurs(labels)).isTrue();
        assertThat(hosts.areOurs(ofRun)).as("also where it has died").isFalse();
        assertThat(engine.inspect(name).orElseThrow().alive()).isFalse();
        assertThat(notes(id)).contains("[STOP] keep the container: Spyhop did not make it");
    }

    @Test
    void shouldRefuseWhenNothingIsThere() {
        assertThatThrownBy(() -> stop(new WorkloadId("never-was")))
                .isInstanceOfSatisfying(
                        SpyhopException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WORKLOAD_UNKNOWN));
        String container = engine.run(FakeBlueprint.named(name()));
        WorkloadId id = seated(container);
        catalogue.remove(catalogue.present(host).getFirst().with(InstanceStatus.REMOVED), Instant.now());
        assertConflict(() -> stop(id));
        assertConflict(() -> restart(id));
    }

    @Test
    void shouldTryAgainAndTellOfAFailureOnceWhenAStopFails() {
        // Given
        WorkloadId id = create(name()).id();
        work(id);
        stop(id);

        // When
        for (int i = 0; i < 3; i++) {
            engine.control().failNext("remove", new EngineException("the engine hangs", null));
            work(id);
        }

        // Then
        assertThat(open(id).orElseThrow().failures()).isEqualTo(3);
        assertThat(view(id).status()).isEqualTo(InstanceStatus.STOPPING);
        assertThat(view(id).statusReason()).isEqualTo("remove: the engine hangs");
        assertThat(notes(id)).containsOnlyOnce("[STOP] remove failed");

        // When
        work(id);

        // Then
        assertThat(view(id).status()).isEqualTo(InstanceStatus.REMOVED);
        assertThat(view(id).statusReason()).isNull();
    }
}
