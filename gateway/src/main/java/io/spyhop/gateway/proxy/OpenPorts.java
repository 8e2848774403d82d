package io.spyhop.gateway.proxy;

import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.stream.Periodic;
import io.spyhop.gateway.token.Access;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is under way to containers, and for whom: streams and WebSockets may last for days. What a revoked token or an ended
 * session opened is closed, at once where that happened on this gateway, and within seconds otherwise. Thread-safe.
 */
@ApplicationScoped
class OpenPorts {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenPorts.class);

    private final Access access;
    private final Set<Entry> open = ConcurrentHashMap.newKeySet();

    @Inject
    OpenPorts(Access access, PortMetrics metrics) {
        this.access = access;
        metrics.open(open::size);
    }

    /** One request; as itself, for one connection may have several after another. */
    static final class Entry {
        private final @Nullable Caller caller;
        private final HttpConnection connection;

        private Entry(@Nullable Caller caller, HttpConnection connection) {
            this.caller = caller;
            this.connection = connection;
        }

        private boolean isBy(Predicate<Caller> which) {
            return caller != null && which.test(caller);
        }
    }

    void install(@Observes Router router, Vertx vertx) {
        Periodic.run(vertx, ProxyLimits.ACCESS_CHECK, "spyhop-ports-check", () -> !open.isEmpty(), this::check);
    }

    void revoked(@Observes Access.Revoked revoked) {
        close(caller -> caller.token().equals(revoked.token()));
    }

    void ended(@Observes Access.SessionEnded ended) {
        close(caller -> caller.session().filter(ended.session()::equals).isPresent());
    }

    /**
     * Begins.
     *
     * @param caller null where anybody may
     */
    Entry begin(@Nullable Caller caller, HttpConnection connection) {
        Entry entry = new Entry(caller, connection);
        open.add(entry);
        return entry;
    }

    /** Ends; need not have begun. */
    void end(Entry entry) {
        open.remove(entry);
    }

    private void check() {
        Set<Caller> callers =
                open.stream().flatMap(entry -> Stream.ofNullable(entry.caller)).collect(Collectors.toSet());
        if (callers.isEmpty()) {
            return;
        }
        try {
            Set<UUID> tokens =
                    access.invalid(callers.stream().map(Caller::token).collect(Collectors.toSet()));
            Set<UUID> sessions = access.ended(callers.stream()
                    .flatMap(caller -> caller.session().stream())
                    .collect(Collectors.toSet()));
            close(caller -> tokens.contains(caller.token())
                    || caller.session().filter(sessions::contains).isPresent());
        } catch (RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Tokens of open ports were not checked.");
        }
    }

    private void close(Predicate<Caller> which) {
        open.stream().filter(entry -> entry.isBy(which)).forEach(entry -> entry.connection.close());
    }
}
