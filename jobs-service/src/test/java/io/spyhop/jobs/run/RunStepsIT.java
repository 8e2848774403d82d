package io.spyhop.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerTemplate;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.FakeEngine;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.JobExamples;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Attempts on a real database and an engine in memory. The rows are in no partition, so that the service's own loop leaves them
 * alone, and each step is done when the test says so.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class RunStepsIT {
    private static final int NO_PARTITION = 98;
    private static final String HOST = "fake";

    /** More than an attempt has calls that change something. */
    private static final int STEPS_MAX = 20;

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    @Inject
    ObjectMapper json;

    @Inject
    Installation installation;

    @Inject
    RunMetrics metrics;

    private final FakeEngine engine = new FakeEngine();
    private final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));

    /** Spyhop ends at this very moment. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** At which step Spyhop ends, and whether the step is done by then. */
    private static final class Death {
        private final AtomicInteger left;
        private final boolean done;

        Death(int step, boolean done) {
            this.left = new AtomicInteger(step);
            this.done = done;
        }

        static Death never() {
            return new Death(Integer.MAX_VALUE, false);
        }

        <T extends @Nullable Object> T step(Step<T> step) throws Exception {
            boolean now = left.getAndDecrement() == 0;
            if (now && !done) {
                throw new Killed();
            }
            T result = step.run();
            if (now) {
                throw new Killed();
            }
            return result;
        }
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldStartOnceAndTellTheCodeWhenSpyhopEndsAtAnyStep(boolean done) throws Exception {
        int killed = 0;
        for (int step = 0; step < STEPS_MAX; step++) {
            // Given
            RunId run = ask(JobExamples.plain());

            // When
            killed += work(run, new Death(step, done)) ? 1 : 0;
            work(run, Death.never());

            // Then
            Run ended = rows().run(run);
            assertThat(ended.status()).as("killed at step %d", step).isEqualTo(RunStatus.FAILED);
            assertThat(ended.exitCode()).isEqualTo(3);
            assertThat(ended.attempt()).isEqualTo(1);
            String name = RunContainers.name(run, 1);
            assertThat(engine.control().done()).containsOnlyOnce("start " + name);
            assertThat(engine.control().containers()).containsOnlyOnce(name);
            assertThat(ended.containerId())
                    .isEqualTo(engine.inspect(name).orElseThrow().id());
        }
        assertThat(killed).isBetween(5, STEPS_MAX - 1);
    }

    @Test
    void shouldStayQueuedAsLongAsTheEngineIsAway() throws Exception {
        // Given
        RunId run = ask(JobExamples.plain());
        engine.setUnreachable(true);

        // When
        boolean done = attempt(run, Death.never(), false);
        Run waiting = rows().run(run);
        boolean doneAgain = attempt(run, Death.never(), true);
        Run waitingStill = rows().run(run);
        engine.setUnreachable(false);
        work(run, Death.never());

        // Then
        assertThat(List.of(done, doneAgain)).containsExactly(false, false);
        assertThat(waiting.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(waiting.attempt()).isZero();
        assertThat(waiting.startedAt()).isNull();
        assertThat(waiting.reason()).contains("unreachable");
        assertThat(waitingStill).isEqualTo(waiting);
        assertThat(rows().run(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(rows().run(run).reason()).isNull();
    }

    @Test
    void shouldWaitWhenTheEngineRefusesAndIsGone() throws Exception {
        // Given: an engine that shuts down answers so to what it was about to do.
        RunId run = ask(JobExamples.plain());
        engine.control().failNext("createLike", new EngineRefusedException("the engine answered 500: it shuts down"));
        engine.control().failNext("image", new EngineException("the engine does not answer", null));

        // When
        boolean done = attempt(run, Death.never(), false);
        Run waiting = rows().run(run);
        work(run, Death.never());

        // Then
        assertThat(done).isFalse();
        assertThat(waiting.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(waiting.reason()).contains("does not answer");
        assertThat(rows().run(run).exitCode()).isEqualTo(3);
    }

    @Test
    void shouldGoOnWaitingWhenTheEngineIsAwayWhileItRuns() throws Exception {
        // Given
        RunId run = ask(JobExamples.plain());
        CompletableFuture<Boolean> attempt = CompletableFuture.supplyAsync(() -> attempt(run, Death.never(), false));
        await().until(() -> alive(run) && due(run).startedAt() != null);

        // When
        engine.setUnreachable(true);
        boolean done = attempt.get(10, TimeUnit.SECONDS);
        Run waiting = rows().run(run);
        engine.setUnreachable(false);
        work(run, Death.never());

        // Then
        assertThat(done).isFalse();
        assertThat(waiting.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(waiting.reason()).contains("unreachable");
        assertThat(rows().run(run).exitCode()).isEqualTo(3);
    }

    @Test
    void shouldBeLostWhenItsContainerIsRemoved() throws Exception {
        // Given
        RunId run = ask(JobExamples.job(draft -> draft.retries = 3));
        CompletableFuture<Boolean> attempt = CompletableFuture.supplyAsync(() -> attempt(run, Death.never(), false));
        await().until(() -> alive(run));

        // When
        engine.remove(container(run).orElseThrow().id());
        attempt.get(10, TimeUnit.SECONDS);

        // Then
        Run lost = rows().run(run);
        assertThat(lost.status()).isEqualTo(RunStatus.LOST);
        assertThat(lost.exitCode()).isNull();
        assertThat(lost.reason()).isEqualTo("its container was removed");
    }

    @Test
    void shouldNotTakeAContainerThatIsNotItsOwn() throws Exception {
        // Given
        RunId run = ask(JobExamples.plain());
        engine.create(RunContainers.name(run, 1));

        // When
        attempt(run, Death.never(), false);

        // Then
        assertThat(rows().run(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(rows().run(run).reason()).contains("not this run's");
        assertThat(engine.control().done()).isEmpty();
    }

    @Test
    void shouldTryAgainAfterAPauseThatGrows() throws Exception {
        // Given
        JobDefinition job = JobExamples.job(draft -> {
            draft.retries = 1;
            draft.retryBackoffSeconds = 100;
        });
        RunId run = ask(job);

        // When
        work(run, Death.never());
        Run between = rows().run(run);
        DueRun next = due(run);
        work(run, Death.never());

        // Then
        assertThat(between.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(between.exitCode()).isEqualTo(3);
        assertThat(next.dueAt())
                .isBetween(Instant.now().plusSeconds(60), Instant.now().plusSeconds(100));
        assertThat(rows().run(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(rows().run(run).attempt()).isEqualTo(2);
        assertThat(engine.control().containers()).contains(RunContainers.name(run, 1), RunContainers.name(run, 2));
    }

    private RunId ask(JobDefinition job) {
        return rows().ask(workload, job, Map.of("GIVEN", "given"), NO_PARTITION);
    }

    private RunRows rows() {
        return new RunRows(dataSource, new RunStore(dataSource, json));
    }

    /** Goes on with a run until Spyhop ends, or the attempt is over; the program ends as soon as it runs. Whether Spyhop ended. */
    private boolean work(RunId run, Death death) throws Exception {
        CompletableFuture<Boolean> killed = CompletableFuture.supplyAsync(() -> {
            try {
                attempt(run, death, false);
                return false;
            } catch (Killed e) {
                return true;
            }
        });
        await().until(() -> killed.isDone() || alive(run));
        if (alive(run)) {
            engine.exit(newest(run).orElseThrow().id(), 3);
        }
        return killed.get(20, TimeUnit.SECONDS);
    }

    private boolean attempt(RunId run, Death death, boolean waited) {
        try {
            Optional<DueRun> due = open(run);
            return due.isPresent()
                    && new RunAttempt(due.get(), execution(death), store(death), metrics, Clock.systemUTC()).run(waited)
                            == RunAttempt.Result.DONE;
        } catch (InterruptedException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private DueRun due(RunId run) throws SQLException {
        return open(run).orElseThrow();
    }

    private Optional<DueRun> open(RunId run) throws SQLException {
        return new RunStore(dataSource, json)
                .open(List.of(NO_PARTITION), 1000).stream()
                        .filter(each -> each.id().equals(run))
                        .findFirst();
    }

    private boolean alive(RunId run) {
        return newest(run).filter(ContainerDetails::alive).isPresent();
    }

    private Optional<ContainerDetails> newest(RunId run) {
        return engine.inspect(RunContainers.name(run, 2)).or(() -> container(run));
    }

    private Optional<ContainerDetails> container(RunId run) {
        return engine.inspect(RunContainers.name(run, 1));
    }

    private ContainerExecution execution(Death death) {
        ContainerTemplate template = new ContainerTemplate("service", "shop:1", "sha256:shop", "{}");
        return new ContainerExecution(
                host -> deadly(ContainerEngine.class, engine, death),
                id -> {
                    engine.version();
                    return Optional.of(new HostTemplate(HOST, template));
                },
                store(death),
                installation);
    }

    /** Where each call that changes something may be the last. */
    private RunStore store(Death death) {
        return new RunStore(dataSource, json) {
            @Override
            Optional<OpenRun> begin(DueRun due, Instant at) throws SQLException {
                return step(() -> super.begin(due, at));
            }

            @Override
            public boolean made(OpenRun run, MadeOf made) throws SQLException {
                return step(() -> super.made(run, made));
            }

            @Override
            public boolean started(OpenRun run, Instant at) throws SQLException {
                return step(() -> super.started(run, at));
            }

            @Override
            boolean complete(OpenRun run, AttemptEnd end) throws SQLException {
                return step(() -> super.complete(run, end));
            }

            private <T> T step(Step<T> step) throws SQLException {
                try {
                    return death.step(step);
                } catch (SQLException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    private static <T> T deadly(Class<T> type, T target, Death death) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        if (method.getReturnType() == ContainerControl.class) {
                            return deadly(ContainerControl.class, (ContainerControl) method.invoke(target), death);
                        }
                        return death.step(() -> method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
