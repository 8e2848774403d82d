package io.spyhop.jobs.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.run.AttemptEnd;
import io.spyhop.jobs.run.OpenRun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attempts of mode exec from their beginning to their end. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class ExecIT extends ExecCase {
    @Test
    void shouldPublishBothStreamsAndTellTheCode() throws Exception {
        // Given
        OpenRun run = run("echo \"$OF_JOB $GIVEN $(pwd)\"; echo err >&2; printf 'no end'; exit 3");

        // When
        AttemptEnd end = execution.attempt(run);

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.FAILED);
        assertThat(end.exitCode()).isEqualTo(3);
        assertThat(end.startedAt()).isNotNull();
        awaitLines("STDOUT job given /proc", "STDERR err", "STDOUT no end");
        assertThat(published).extracting(IngestRecord::kind).containsOnly(Kind.JOB_RUN);
        assertThat(published)
                .extracting(IngestRecord::source)
                .containsOnly("exec/" + written().execId());
        assertThat(published.getFirst().firstOrdinal()).isEqualTo(1);
        assertThat(written().containerId()).isEqualTo(container);
        assertThat(written().startedAt()).isNotNull();
    }

    @Test
    void shouldPublishLongLinesWholeAndCountThem() throws Exception {
        // Given: four bytes a character, two of them in Java
        int characters = 150_000;
        OpenRun run = run("yes '\uD83D\uDE80' | head -n " + characters + " | tr -d '\\n'; echo; echo next");

        // When
        AttemptEnd end = execution.attempt(run);

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.SUCCEEDED);
        awaitLines("STDOUT " + "\uD83D\uDE80".repeat(characters), "STDOUT next");
        assertThat(published).hasSizeGreaterThan(3);
        long next = 1;
        for (IngestRecord each : published) {
            assertThat(each.firstOrdinal()).isEqualTo(next);
            next += each.lines().size();
        }
    }

    @Test
    void shouldRefuseWhenNoInstanceRuns() throws Exception {
        // Given
        tell(InstanceStatus.EXITED);

        // When
        AttemptEnd end = execution.attempt(run("true"));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.FAILED);
        assertThat(end.exitCode()).isNull();
        assertThat(end.reason()).isEqualTo("no instance of the service is running");
    }

    @Test
    void shouldTellThatACommandIsNotThere() throws Exception {
        // When
        AttemptEnd end = execution.attempt(run(new JobCommand(List.of("/no/such/program"), null)));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.FAILED);
        assertThat(end.exitCode()).isIn(126, 127);
        assertThat(end.reason())
                .isEqualTo("the service's container has no program /no/such/program, or may not run it");
    }

    @Test
    void shouldAskACommandToEnd() throws Exception {
        // Given
        OpenRun run = run("trap 'echo asked; exit 7' TERM; echo begun; while true; do sleep 0.1; done");
        CompletableFuture<AttemptEnd> end = attempt(run);
        awaitLines("STDOUT begun");

        // When
        boolean stoppable = execution.canStop(written());
        execution.stop(written(), false);

        // Then
        assertThat(stoppable).isTrue();
        assertThat(end.join().exitCode()).isEqualTo(7);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).contains("STDOUT asked"));
        execution.stop(written(), true);
    }

    @Test
    void shouldEndACommandThatDoesNotObey() throws Exception {
        // Given
        OpenRun run = run("trap '' TERM; echo begun; while true; do sleep 0.1; done");
        CompletableFuture<AttemptEnd> end = attempt(run);
        awaitLines("STDOUT begun");
        execution.stop(written(), false);

        // When
        execution.stop(written(), true);

        // Then
        assertThat(end.join().exitCode()).isEqualTo(137);
        assertThat(end.join().signal()).isEqualTo("SIGKILL");
    }

    @Test
    void shouldBeLostWhenItsContainerIsGone() throws Exception {
        // Given
        OpenRun run = run("echo begun; sleep 3600");
        CompletableFuture<AttemptEnd> end = attempt(run);
        awaitLines("STDOUT begun");
        await().atMost(PATIENCE).until(() -> state(written()).running());

        // When
        containers.docker("rm", "-f", container);

        // Then: some engines tell how it ended before they forget it
        assertThat(end.join().status()).isIn(RunStatus.LOST, RunStatus.FAILED);
        assertThat(execution.attempt(written()).status()).isEqualTo(RunStatus.LOST);
    }
}
