package io.spyhop.logs.search;

import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.LogLimits;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The threads that decompress and look through rows, one a processor, for all questions: this bounds what they hold in
 * memory and leaves the rest of the process its turns. Thread-safe.
 */
@ApplicationScoped
class ScanPool {
    private final ExecutorService threads = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("scan-", 0).factory());

    /** Each question holds a connection, and storing lines needs some too. */
    private final Semaphore questions = new Semaphore(LogLimits.QUESTIONS_MAX, true);

    /** A question that looks through chunks. */
    interface Question<T> {
        T answer() throws SQLException;
    }

    /**
     * Answers a question when it is its turn.
     *
     * @throws SpyhopException {@code TOO_MANY} where that takes too long
     */
    <T> T ask(Question<T> question) throws SQLException {
        try {
            if (!questions.tryAcquire(LogLimits.QUESTION_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw SpyhopException.tooMany("too many searches at once", LogLimits.QUESTION_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a question waits for its turn", e);
        }
        try {
            return question.answer();
        } finally {
            questions.release();
        }
    }

    /** Runs tasks side by side; their results in order. */
    <T> List<T> run(List<Callable<T>> tasks) {
        List<Future<T>> futures = tasks.stream().map(this::begin).toList();
        List<T> results = new ArrayList<>(tasks.size());
        try {
            for (Future<T> future : futures) {
                results.add(result(future));
            }
            return results;
        } finally {
            futures.forEach(future -> future.cancel(false));
        }
    }

    /** Begins a task; whoever does not want its result any more cancels it. */
    <T> Future<T> begin(Callable<T> task) {
        return threads.submit(task);
    }

    /** Waits for a task's result. */
    static <T> T result(Future<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while chunks are looked through", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a chunk cannot be looked through", e.getCause());
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
