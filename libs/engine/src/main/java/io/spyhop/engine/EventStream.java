package io.spyhop.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A live subscription to events. The engine is always read as fast as it sends, on a thread of its own, into a bounded
 * queue: a subscriber that does not read slows the whole engine. One reader; {@link #close} from any thread.
 */
public interface EventStream extends AutoCloseable {
    /**
     * The next event; null when none came within the timeout, or before {@link #wake}.
     *
     * @throws EngineException when the subscription broke, or its queue overflowed and events are lost: list and
     *     compare, then subscribe again
     */
    @Nullable
    ContainerEvent next(Duration timeout) throws InterruptedException;

    /** Ends the reader's waiting, now or the next time. From any thread. */
    void wake();

    @Override
    void close();
}
