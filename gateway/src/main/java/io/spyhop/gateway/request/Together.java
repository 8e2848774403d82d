package io.spyhop.gateway.request;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Asks once for all who ask the same at the same time: a thousand clients that come back together must not wait in line for
 * the few connections of a database. Each blocks until there is the answer, or throws what the question threw. Thread-safe.
 */
public final class Together<K, V> {
    private final ConcurrentMap<K, FutureTask<V>> asking = new ConcurrentHashMap<>();

    /** The answer to a question, which another thread may have begun to ask before. */
    public V ask(K key, Supplier<V> question) {
        FutureTask<V> own = new FutureTask<>(question::get);
        FutureTask<V> known = asking.putIfAbsent(key, own);
        if (known != null) {
            return answer(known);
        }
        try {
            own.run();
        } finally {
            asking.remove(key, own);
        }
        return answer(own);
    }

    private static <V> V answer(FutureTask<V> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another thread asked", e);
        }
    }
}
