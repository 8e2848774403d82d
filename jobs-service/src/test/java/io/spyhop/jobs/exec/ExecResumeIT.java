package io.spyhop.jobs.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.engine.ExecSink;
import io.spyhop.engine.ExecSpec;
import io.spyhop.engine.ExecStream;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.run.AttemptEnd;
import io.spyhop.jobs.run.OpenRun;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attempts of mode exec that were begun by a process of Spyhop which is no more. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class ExecResumeIT extends ExecCase {
    @Test
    void shouldTakeTheCodeAndTellAGapWhenSomebodyElseBeganIt() throws Exception {
        // Given
        String execId = prepare("echo unread; until [ -e /go ]; do sleep 0.1; done; exit 4");
        OpenRun run = begun(execId);
        readToTheFirstLine(execId);
        CompletableFuture<AttemptEnd> end = attempt(run);

        // When
        containers.touch(container, "/go");

        // Then
        assertThat(end.join().exitCode()).isEqualTo(4);
        assertThat(end.join().startedAt()).isEqualTo(run.startedAt());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).hasSize(1));
        assertThat(texts().getFirst())
                .startsWith("SYSTEM [GAP] 20")
                .endsWith(" possible: Spyhop was away, and the engine keeps no output of a command");
        // Then: told again it is the same line of the same source
        assertThat(execution.attempt(run).exitCode()).isEqualTo(4);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published).hasSize(2));
        assertThat(published)
                .extracting(each -> each.source() + " " + each.firstOrdinal())
                .containsOnly("exec/" + execId + "/gap 1");
    }

    @Test
    void shouldWaitForWhatTheEngineHasGivenUpAndBeLost() throws Exception {
        // Given: it writes when nobody reads
        String execId = prepare("echo begun; until [ -e /go ]; do sleep 0.05; echo more; done; exit 4");
        OpenRun run = begun(execId);
        readToTheFirstLine(execId);
        CompletableFuture<AttemptEnd> end = attempt(run);
        boolean stoppable = execution.canStop(run);

        // When
        containers.touch(container, "/go");

        // Then: some engines tell the code all the same
        assertThat(stoppable).isTrue();
        assertThat(end.join().status()).isIn(RunStatus.LOST, RunStatus.FAILED);
        assertThat(end.join().exitCode()).isIn(null, 4);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).hasSize(1));
        assertThat(texts().getFirst()).startsWith("SYSTEM [GAP] ");
    }

    private String prepare(String script) {
        return connections
                .engine("local")
                .execs()
                .create(
                        container,
                        new ExecSpec(List.of("sh", "-c", script), Map.of("SPYHOP_RUN_ATTEMPT", id + "/1"), null));
    }

    @SuppressWarnings("try")
    private void readToTheFirstLine(String execId) throws InterruptedException {
        ExecStream former = connections.engine("local").execs().start(execId);
        former.read(new ExecSink() {
            @Override
            public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
                former.close();
            }

            @Override
            public void drained() {}
        });
    }

    @Test
    void shouldStartWhatWasPreparedAndNotStarted() throws Exception {
        // Given
        String execId = prepare("echo prepared");

        // When
        AttemptEnd end = execution.attempt(begun(execId));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.SUCCEEDED);
        awaitLines("STDOUT prepared");
    }
}
