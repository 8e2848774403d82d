package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The store's pages of one workload. Readers that ask for the same page at the same time share one request. An empty page is
 * never shared: it says "nothing yet", which ages. Thread-safe.
 */
final class Pages {
    private record Ask(long after, int limit) {}

    private final LogsApi logs;
    private final WorkloadId workload;
    private final ConcurrentMap<Ask, CompletableFuture<StoredPage>> running = new ConcurrentHashMap<>();

    Pages(LogsApi logs, WorkloadId workload) {
        this.logs = logs;
        this.workload = workload;
    }

    StoredPage after(long after, int limit) {
        Ask ask = new Ask(after, limit);
        CompletableFuture<StoredPage> mine = new CompletableFuture<>();
        CompletableFuture<StoredPage> other = running.putIfAbsent(ask, mine);
        if (other != null) {
            StoredPage shared = join(other);
            return shared.isEmpty() ? fetch(ask) : shared;
        }
        try {
            StoredPage page = fetch(ask);
            mine.complete(page);
            return page;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(ask, mine);
        }
    }

    StoredPage tail(int limit) {
        return StoredPage.of(logs.tail(workload, limit), 0);
    }

    /** A page that is nobody else's: of lines that somebody chose. */
    StoredPage query(LinesQuery query) {
        return StoredPage.of(logs.query(workload, query), query.after());
    }

    long lastNumber() {
        Map<WorkloadId, Long> last = logs.lastNumbers(List.of(workload));
        return last.getOrDefault(workload, 0L);
    }

    private StoredPage fetch(Ask ask) {
        return StoredPage.of(logs.after(workload, ask.after(), ask.limit()), ask.after());
    }

    private static StoredPage join(CompletableFuture<StoredPage> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
