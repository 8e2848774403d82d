package io.spyhop.gateway.stream;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who streams with which token: counts against the limits, and ends what a revoked token opened. Thread-safe. */
final class Subscriptions {
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<UUID, Set<Subscriber>> byToken = new ConcurrentHashMap<>();

    /**
     * Counts a subscriber.
     *
     * @throws SpyhopException {@code TOO_MANY} at a limit
     */
    void add(UUID token, Subscriber subscriber) {
        if (total.incrementAndGet() > StreamLimits.SUBSCRIBERS_MAX) {
            total.decrementAndGet();
            throw new SpyhopException(
                    ErrorCode.TOO_MANY, "at most " + StreamLimits.SUBSCRIBERS_MAX + " streams are served here");
        }
        boolean[] added = new boolean[1];
        byToken.compute(token, (id, known) -> {
            Set<Subscriber> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            if (all.size() < StreamLimits.SUBSCRIBERS_TOKEN_MAX) {
                added[0] = all.add(subscriber);
            }
            return all;
        });
        if (!added[0]) {
            total.decrementAndGet();
            throw new SpyhopException(
                    ErrorCode.TOO_MANY,
                    "at most " + StreamLimits.SUBSCRIBERS_TOKEN_MAX + " streams are served to one token");
        }
    }

    /** Ends the count of a subscriber. */
    void remove(UUID token, Subscriber subscriber) {
        byToken.computeIfPresent(token, (id, all) -> {
            if (all.remove(subscriber)) {
                total.decrementAndGet();
            }
            return all.isEmpty() ? null : all;
        });
    }

    /** How many there are. */
    int count() {
        return total.get();
    }

    /** The tokens that have streams. */
    Set<UUID> tokens() {
        return Set.copyOf(byToken.keySet());
    }

    /** Ends the streams of tokens that are no longer valid. */
    void close(Collection<UUID> tokens) {
        for (UUID token : tokens) {
            byToken.getOrDefault(token, Set.of()).forEach(Subscriber::close);
        }
    }
}
