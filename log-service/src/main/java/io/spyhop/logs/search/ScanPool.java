package io.spyhop.logs.search;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The threads that decompress and look through rows, one a processor, for all questions: this bounds what they hold in
 * memory and leaves the rest of the process its turns. Thread-safe.
 */
@ApplicationScoped
class ScanPool {
    private final ExecutorService threads = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("scan-", 0).factory());

    /** Runs tasks side by side; their results in order. */
    <T> List<T> run(List<Callable<T>> tasks) {
        List<Future<T>> futures = tasks.stream().map(threads::submit).toList();
        List<T> results = new ArrayList<>(tasks.size());
        try {
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while chunks are looked through", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a chunk cannot be looked through", e.getCause());
        } finally {
            futures.forEach(future -> future.cancel(false));
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
