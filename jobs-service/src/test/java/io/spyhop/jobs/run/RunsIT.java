package io.spyhop.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.JobExamples;
import io.spyhop.messaging.TopicTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Runs as the service does them by itself, on a real engine, broker and database. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class RunsIT extends RunCase {
    @Test
    void shouldSucceedWithWhatTheServiceAndTheJobAndTheRequestSay() {
        // Given
        JobDefinition job =
                job("[ \"$OF_SERVICE $OF_JOB $GIVEN\" = 'service job given' ] && [ $(pwd) = /tmp ]", draft -> {
                    draft.env = Map.of("OF_JOB", "job");
                    draft.workingDirectory = "/tmp";
                });

        // When
        RunId id = ask(job, Map.of("GIVEN", "given"));

        // Then
        Run run = awaitEnd(id);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.exitCode()).isZero();
        assertThat(run.signal()).isNull();
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(run.startedAt()).isAfterOrEqualTo(run.queuedAt());
        assertThat(run.durationMs()).isNotNull();
        ContainerDetails container =
                engine().inspect(String.valueOf(run.containerId())).orElseThrow();
        assertThat(container.labels())
                .containsEntry("spyhop.id", id.value())
                .containsEntry("spyhop.kind", "job-run")
                .containsEntry("spyhop.org", "acme")
                .containsEntry("spyhop.run", id.value())
                .containsEntry("spyhop.attempt", "1");
        assertThat(id.isProvedBy(new RunProof(container.labels().getOrDefault(RunProof.LABEL, ""))))
                .isTrue();
        assertThat(rows().imageDigest(id)).isEqualTo(container.setup().imageDigest());
    }

    @Test
    void shouldFailWithTheCodeAndTheSignal() {
        // When
        Run code = awaitEnd(ask(job("exit 7", draft -> {}), Map.of()));
        Run signal = awaitEnd(ask(job("sh -c 'kill -9 $$'; exit $?", draft -> {}), Map.of()));
        Run missing = awaitEnd(ask(
                JobExamples.job(draft -> draft.command = new JobCommand(List.of("no-such-command"), null)), Map.of()));
        Run missingInside = awaitEnd(ask(job("no-such-command", draft -> {}), Map.of()));
        Run gone = awaitEnd(made(rows().askPinned(workload, job("true", draft -> {}), "sha256:" + "0".repeat(64))));
        Run image = awaitEnd(ask(job("true", draft -> draft.image = "127.0.0.1:1/no-such-image:1"), Map.of()));

        // Then
        assertThat(List.of(code, signal, missing, missingInside, gone, image))
                .extracting(Run::status)
                .containsOnly(RunStatus.FAILED);
        assertThat(code.exitCode()).isEqualTo(7);
        assertThat(missing.exitCode()).isEqualTo(127);
        assertThat(missing.reason())
                .startsWith("the command was not found in the image: ")
                .contains("no-such-command");
        assertThat(missingInside.exitCode()).isEqualTo(127);
        assertThat(missingInside.reason()).contains("a program was not found");
        assertThat(gone.reason()).startsWith("the engine does not have the image sha256:000");
        assertThat(image.exitCode()).isNull();
        assertThat(image.reason())
                .startsWith("the engine has no image 127.0.0.1:1/no-such-image:1, and it could not be pulled: ");
        assertThat(signal.exitCode()).isEqualTo(137);
        assertThat(signal.signal()).isEqualTo("SIGKILL");
    }

    @Test
    void shouldEndWhatTakesTooLong() {
        // When
        Run obedient =
                awaitEnd(ask(job("trap 'exit 5' TERM; while :; do sleep 0.1; done", RunsIT::oneSecond), Map.of()));
        Run stubborn = awaitEnd(ask(job("trap '' TERM; while :; do sleep 0.1; done", RunsIT::oneSecond), Map.of()));

        // Then
        assertThat(List.of(obedient, stubborn)).extracting(Run::status).containsOnly(RunStatus.TIMED_OUT);
        assertThat(obedient.exitCode()).isEqualTo(5);
        assertThat(stubborn.exitCode()).isEqualTo(137);
        assertThat(stubborn.signal()).isEqualTo("SIGKILL");
        assertThat(stubborn.reason()).isEqualTo("it took longer than 1 s");
    }

    private static void oneSecond(JobExamples.Draft draft) {
        draft.timeoutSeconds = 1;
    }

    @Test
    void shouldEndWhatIsCancelled() throws SQLException {
        // Given
        RunId id = ask(job("trap 'exit 5' TERM; while :; do sleep 0.1; done", draft -> draft.retries = 2), Map.of());
        awaitRunning(id);

        // When
        boolean cancelled = store.cancel(id, Instant.now());

        // Then
        Run run = awaitEnd(id);
        assertThat(cancelled).isTrue();
        assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(run.exitCode()).isIn(5, 143);
        assertThat(store.cancel(id, Instant.now())).isFalse();
    }

    @Test
    void shouldTryAgainWhenItFailed() {
        // When
        Run run = awaitEnd(ask(
                job("exit 7", draft -> {
                    draft.retries = 1;
                    draft.retryBackoffSeconds = 1;
                }),
                Map.of()));

        // Then
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.attempt()).isEqualTo(2);
        assertThat(run.durationMs()).isGreaterThan(1000);
        assertThat(engine().inspect(RunContainers.name(run.id(), 1))).isPresent();
        assertThat(engine().inspect(RunContainers.name(run.id(), 2))).isPresent();
    }

    @Test
    void shouldRunWhenTheServiceIsGone() {
        // Given
        containers.docker("rm", "-f", service);
        tell(service, null);
        await().atMost(PATIENCE).until(() -> share.instances(workload).isEmpty());

        // When
        Run run = awaitEnd(ask(job("[ $OF_SERVICE = service ]", draft -> {}), Map.of()));

        // Then
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void shouldRemoveTheContainerOnceItsOutputIsStored() {
        // Given
        Run run = awaitEnd(ask(job("echo hello", draft -> {}), Map.of()));
        String container = String.valueOf(run.containerId());

        // When
        tellCaptured(run, true);
        boolean keptWhilePartial = engine().inspect(container).isPresent() && rows().containerLeft(run.id());
        tellCaptured(run, false);

        // Then
        assertThat(keptWhilePartial).isTrue();
        await().atMost(PATIENCE).until(() -> !rows().containerLeft(run.id()));
        assertThat(engine().inspect(container)).isEmpty();
    }

    @Test
    void shouldTellOthersOfEachRun() {
        // Given
        List<Run> told = new CopyOnWriteArrayList<>();
        try (TopicTail tail = new TopicTail(connections.kafka(), Topics.RUNS, record -> {
            byte[] value = record.value();
            if (value != null && record.key().owner().equals(workload.value())) {
                told.add(read(value));
            }
        })) {
            tail.watch(RecordKey.partitionOf(workload.value())).join();

            // When
            Run run = awaitEnd(ask(job("exit 7", draft -> {}), Map.of()));

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains(run));
            assertThat(told).extracting(Run::id).containsOnly(run.id());
            assertThat(told.getLast()).isEqualTo(run);
        }
    }

    @Test
    void shouldFinishAllWhenManyAreAskedForAtOnce() {
        // When
        List<RunId> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(ask(job("exit " + i, draft -> {}), Map.of()));
        }

        // Then
        for (int i = 0; i < many.size(); i++) {
            assertThat(awaitEnd(many.get(i)).exitCode()).isEqualTo(i);
        }
    }

    private Run read(byte[] value) {
        try {
            return json.readValue(value, Run.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tellCaptured(Run run, boolean partial) {
        LinesEvidence evidence = new LinesEvidence(
                LinesEvidence.TYPE,
                run.id().workload(),
                HOST,
                String.valueOf(run.containerId()),
                0,
                run.startedAt(),
                Instant.now(),
                1,
                "",
                0,
                partial ? true : null);
        connections
                .publisher()
                .publishJson(Topics.EVIDENCE, evidence.key(), evidence)
                .join();
    }
}
