package io.spyhop.gateway.stream;

import java.util.concurrent.CompletableFuture;

/** The live end of the lines topic, by partition; watches are counted. */
interface LineSource extends AutoCloseable {
    /** Completes once every batch published afterwards will arrive. */
    CompletableFuture<Void> watch(int partition);

    /** Ends one watch. */
    void unwatch(int partition);

    @Override
    void close();
}
