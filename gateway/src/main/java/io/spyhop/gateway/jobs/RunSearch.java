package io.spyhop.gateway.jobs;

import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the runs whose output contains a text, newest first: jobs-service knows the runs, log-service their lines. Some outputs are
 * looked into at once, each by itself and not in one search through all of them, so that after any time it is known which
 * runs are done, and how far the next one is: what a page does not get to begins the next one. One search is used by one thread.
 */
final class RunSearch {
    private final JobsApi jobs;
    private final LogsApi logs;
    private final LineFilter filter;
    private final LongSupplier nanos;
    private final long end;

    /** How an output was looked into: whether the text was found, and else which lines are left. */
    private record Examined(boolean found, boolean complete, long before) {}

    private final List<Run> found = new ArrayList<>();

    /** A search that is repeated has to come to an end: whatever the time, each page goes on a little. */
    private boolean looked;

    private @Nullable String page;
    private @Nullable RunId after;
    private long before;

    RunSearch(JobsApi jobs, LogsApi logs, String text, LongSupplier nanos) {
        this.jobs = jobs;
        this.logs = logs;
        this.filter = new LineFilter(Set.of(Stream.STDOUT, Stream.STDERR), Set.of(), text, null, Map.of(), null, null);
        this.nanos = nanos;
        this.end = nanos.getAsLong() + JobLimits.SEARCH.toNanos();
    }

    /** A page of them: at its limit, at the end of the history, or when its time is over. */
    RunPage page(RunQuery query) {
        RunSearchCursor cursor = RunSearchCursor.read(query.cursor());
        page = cursor.page();
        after = cursor.after();
        before = cursor.before();
        while (true) {
            RunPage candidates = jobs.runs(new RunQuery(
                    query.workload(),
                    query.jobId(),
                    query.status(),
                    query.triggeredBy(),
                    query.from(),
                    query.to(),
                    JobLimits.CANDIDATES,
                    page));
            if (!examine(left(candidates.items()), query.limit())) {
                return new RunPage(found, new RunSearchCursor(page, after, before).text());
            }
            page = candidates.next();
            if (page == null) {
                return new RunPage(found, null);
            }
        }
    }

    /** What follows the last run that was examined. Newer ones may have come before it meanwhile. */
    private List<Run> left(List<Run> items) {
        RunId last = after;
        if (last == null) {
            return items;
        }
        int at = items.stream().map(Run::id).toList().indexOf(last);
        return at >= 0
                ? items.subList(at + 1, items.size())
                : items.stream().dropWhile(run -> run.id().compareTo(last) > 0).toList();
    }

    /** Looks into outputs until all are done; false where the page has ended before. */
    private boolean examine(List<Run> runs, int limit) {
        for (int from = 0; from < runs.size(); from += JobLimits.SOUGHT_AT_ONCE) {
            if (found.size() >= limit || (looked && isOver())) {
                return false;
            }
            looked = true;
            List<Run> some = runs.subList(from, Math.min(runs.size(), from + JobLimits.SOUGHT_AT_ONCE));
            List<Examined> all = look(some);
            for (int i = 0; i < some.size(); i++) {
                Examined examined = all.get(i);
                if (found.size() >= limit) {
                    return false;
                }
                if (!examined.complete()) {
                    before = examined.before();
                    return false;
                }
                if (examined.found()) {
                    found.add(some.get(i));
                }
                after = some.get(i).id();
                before = Long.MAX_VALUE;
            }
        }
        return true;
    }

    private List<Examined> look(List<Run> runs) {
        TraceContext trace = CurrentTrace.get();
        List<Callable<Examined>> questions = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            long begin = i == 0 ? before : Long.MAX_VALUE;
            questions.add(() -> CurrentTrace.<Examined, Exception>call(trace, () -> look(run, begin)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Examined> all = new ArrayList<>();
            for (Future<Examined> answer : threads.invokeAll(questions)) {
                all.add(answer.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while log-service was asked", e);
        }
    }

    private Examined look(Run run, long begin) {
        long left = begin;
        do {
            LinesPage lines = logs.query(run.id().workload(), new LinesQuery(0, left, true, 1, 0, filter));
            if (lines.count() > 0 || !lines.more()) {
                return new Examined(lines.count() > 0, true, left);
            }
            left = lines.through();
        } while (!isOver());
        return new Examined(false, false, left);
    }

    private boolean isOver() {
        return nanos.getAsLong() - end >= 0;
    }
}
