package io.spyhop.gateway.search;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.log.SearchWindow;
import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.OpenStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One search. It runs on a virtual thread of its own and asks the store for one part of the time after another, from the
 * newest; when the client goes it asks no more. Beyond the rows that are wanted it goes on for the histogram alone, unless
 * it continues an earlier search.
 */
final class Search implements Runnable, OpenStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(Search.class);

    private final LogsApi logs;
    private final Supplier<List<WorkloadId>> workloads;
    private final SearchRequest request;
    private final SearchWriter writer;
    private final Duration longest;
    private volatile boolean closed;

    /**
     * A search that has not begun.
     *
     * @param workloads finds those that may be searched
     * @param longest after which time it ends with what it has
     */
    Search(
            LogsApi logs,
            Supplier<List<WorkloadId>> workloads,
            SearchRequest request,
            SearchWriter writer,
            Duration longest) {
        this.logs = logs;
        this.workloads = workloads;
        this.request = request;
        this.writer = writer;
        this.longest = longest;
    }

    @Override
    public void close() {
        closed = true;
        writer.stop();
    }

    @Override
    public void run() {
        SearchState state = new SearchState(request);
        try {
            try {
                List<WorkloadId> all = workloads.get();
                writer.begin();
                search(all, state);
                writer.end(state);
            } catch (ClientGoneException e) {
                throw e;
            } catch (RuntimeException e) {
                writer.failed(state, e);
            }
        } catch (ClientGoneException e) {
            LOGGER.atTrace().log("A search was given up by its client.");
            writer.closed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writer.stop();
        }
    }

    private void search(List<WorkloadId> all, SearchState state) throws InterruptedException {
        if (all.isEmpty()) {
            state.finish();
        }
        long until = System.nanoTime() + longest.toNanos();
        while (!state.isComplete()) {
            if (closed) {
                throw new ClientGoneException();
            }
            long before = state.before();
            SearchWindow window = state.window();
            SearchPage page = logs.search(
                    new SearchQuery(all, request.filter(), before, state.left(), request.stepNanos(), window));
            byte[] rows = state.add(page);
            if (rows.length > 0) {
                writer.rows(rows);
            }
            writer.progress(state);
            boolean enough = request.isContinued() && state.left() == 0;
            boolean moved = state.before() < before || !Objects.equals(state.window(), window);
            if (!moved || enough || System.nanoTime() - until >= 0) {
                return;
            }
        }
    }
}
