package io.spyhop.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.gateway.FakeJobs;
import io.spyhop.gateway.stream.FakeStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSearchTest {
    private static final WorkloadId WORKLOAD = new WorkloadId("shop");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeJobs jobs = new FakeJobs();
    private final FakeStore store = new FakeStore();
    private final AtomicLong now = new AtomicLong();

    @BeforeEach
    void define() {
        jobs.create(
                WORKLOAD,
                "acme",
                new JobDefinition(
                        "tidy",
                        "tidy",
                        JobMode.RUN,
                        JobCommand.of("tidy"),
                        Map.of(),
                        List.of(),
                        null,
                        null,
                        0,
                        0,
                        0,
                        "allow",
                        null,
                        "UTC",
                        "skip",
                        true));
    }

    /** A look examines so many lines, and so many looks take all the time of a page. */
    @ParameterizedTest
    @CsvSource({"1000,1000000,1000", "3,1,1000", "1,7,2", "4,20,1", "1000,1,3"})
    void shouldFindEachOnceInOrderHoweverLittleAPageGetsTo(int examined, int looks, int limit) {
        // Given
        List<Run> expected = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            boolean found = i % 5 == 0 || (i > 190 && i < 205);
            Run run = run(i, i % 4 == 0 ? 2 : 9, found);
            if (found) {
                expected.addFirst(run);
            }
        }
        store.examine(examined);
        long step = JobLimits.SEARCH.toNanos() / looks + 1;

        // When
        List<Run> all = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            RunPage page = search(cursor, limit, () -> now.addAndGet(step));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            cursor = page.next();
            pages++;
        } while (cursor != null && pages < 10_000);

        // Then
        assertThat(all).isEqualTo(expected);
    }

    @Test
    void shouldGoOnWhereItWasWhenNewRunsCameBefore() {
        // Given
        Run oldest = run(0, 2, true);
        Run newest = run(1, 2, true);
        RunPage first = search(null, 1, now::get);
        for (int i = 2; i < 300; i++) {
            run(i, 1, true);
        }

        // When
        RunPage second = search(first.next(), 10, now::get);

        // Then
        assertThat(first.items()).containsExactly(newest);
        assertThat(second.items()).containsExactly(oldest);
        assertThat(second.next()).isNull();
    }

    private RunPage search(@Nullable String cursor, int limit, LongSupplier nanos) {
        return new RunSearch(jobs, store, "needle", nanos)
                .page(new RunQuery(WORKLOAD, "tidy", null, null, null, null, limit, cursor));
    }

    /** A run of so many lines, with what is looked for, if at all, in the first, to which a search comes last, or the last. */
    private Run run(int number, int lines, boolean found) {
        Run run = jobs.add(WORKLOAD, "tidy", BEGIN.plusSeconds(number), RunStatus.SUCCEEDED);
        for (int line = 0; line < lines; line++) {
            String message = found && line == (number % 2 == 0 ? 0 : lines - 1) ? "a Needle" : "hay";
            store.say(run.id().workload(), BEGIN, "stdout", "info", message, "");
        }
        return run;
    }
}
