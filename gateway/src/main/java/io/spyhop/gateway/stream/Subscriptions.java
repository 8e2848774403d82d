package io.spyhop.gateway.stream;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.token.Access;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who streams with which token and session: counts against the limits, and ends what a revoked token or an ended session
 * opened, at once where that happened on this gateway, and within seconds where it happened on another or by expiry.
 * Thread-safe.
 */
@ApplicationScoped
public class Subscriptions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Subscriptions.class);

    private final Access access;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<UUID, Map<OpenStream, Caller>> byToken = new ConcurrentHashMap<>();

    @Inject
    Subscriptions(Access access, StreamMetrics metrics) {
        this.access = access;
        metrics.subscribers(this::count);
    }

    void install(@Observes Router router, Vertx vertx) {
        Periodic.run(vertx, StreamLimits.ACCESS_CHECK, "spyhop-access-check", () -> count() > 0, this::check);
    }

    void revoked(@Observes Access.Revoked revoked) {
        close(Set.of(revoked.token()), Set.of());
    }

    void ended(@Observes Access.SessionEnded ended) {
        close(Set.of(), Set.of(ended.session()));
    }

    /**
     * Counts a stream.
     *
     * @throws SpyhopException {@code TOO_MANY} at a limit
     */
    public void add(Caller caller, OpenStream stream) {
        if (total.incrementAndGet() > StreamLimits.SUBSCRIBERS_MAX) {
            total.decrementAndGet();
            throw new SpyhopException(
                    ErrorCode.TOO_MANY, "at most " + StreamLimits.SUBSCRIBERS_MAX + " streams are served here");
        }
        boolean[] added = new boolean[1];
        byToken.compute(caller.token(), (id, known) -> {
            Map<OpenStream, Caller> all = known == null ? new ConcurrentHashMap<>() : known;
            if (all.size() < StreamLimits.SUBSCRIBERS_TOKEN_MAX) {
                added[0] = all.put(stream, caller) == null;
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

    /** Ends the count of a stream. */
    void remove(Caller caller, OpenStream stream) {
        byToken.computeIfPresent(caller.token(), (id, all) -> {
            if (all.remove(stream) != null) {
                total.decrementAndGet();
            }
            return all.isEmpty() ? null : all;
        });
    }

    /** Runs a counted stream on a thread of its own, in its request's trace; at its end it no longer counts. */
    public <S extends Runnable & OpenStream> void run(Caller caller, TraceContext trace, S stream) {
        run(caller, trace, stream, () -> {});
    }

    /** As above; at the end something else is done too. */
    public <S extends Runnable & OpenStream> void run(Caller caller, TraceContext trace, S stream, Runnable ended) {
        Thread.ofVirtual().name("spyhop-reader").start(() -> {
            try {
                CurrentTrace.run(trace, stream::run);
            } finally {
                remove(caller, stream);
                ended.run();
            }
        });
    }

    private int count() {
        return total.get();
    }

    private void check() {
        try {
            Set<UUID> sessions = byToken.values().stream()
                    .flatMap(streams -> streams.values().stream())
                    .flatMap(caller -> caller.session().stream())
                    .collect(Collectors.toSet());
            close(access.invalid(Set.copyOf(byToken.keySet())), access.ended(sessions));
        } catch (RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Tokens of open streams were not checked.");
        }
    }

    private void close(Collection<UUID> tokens, Set<UUID> sessions) {
        for (UUID token : tokens) {
            byToken.getOrDefault(token, Map.of()).keySet().forEach(OpenStream::close);
        }
        if (!sessions.isEmpty()) {
            byToken.values()
                    .forEach(streams -> streams.forEach((stream, caller) -> {
                        if (caller.session().filter(sessions::contains).isPresent()) {
                            stream.close();
                        }
                    }));
        }
    }
}
