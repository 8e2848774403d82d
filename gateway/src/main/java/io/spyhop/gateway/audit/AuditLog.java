package io.spyhop.gateway.audit;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.gateway.request.Remote;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a row for every request that wants to change something, whatever comes of it. The row is made when the answer
 * has been sent and waits in memory for a thread that writes batches, so that the audit never delays an answer.
 *
 * <p>While the database is away changes are still made: what they change is mostly not in the database, and whoever has
 * to stop a workload must be able to, then above all. Rows wait meanwhile and are written when it is back. What does not
 * fit is lost; the loss is counted, and logged once for each outage. A crash loses what waited, a second's worth.
 *
 * <p>Thread-safe.
 */
@ApplicationScoped
public class AuditLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditLog.class);
    private static final String WATCHED = "spyhop.audit";

    /** Wakes the writer for the end. */
    private static final AuditRow END =
            new AuditRow(0, Instant.EPOCH, null, null, null, null, "", "", "", null, AuditRow.UNANSWERED, null);

    private final AuditStore store;
    private final AuditMetrics metrics;
    private final BlockingQueue<AuditRow> waiting = new LinkedBlockingQueue<>(AuditLimits.QUEUE_MAX);
    private final UnknownQuota unknown = new UnknownQuota();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread writer;
    private volatile boolean away;
    private volatile boolean losing;

    @Inject
    AuditLog(AuditStore store, AuditMetrics metrics) {
        this.store = store;
        this.metrics = metrics;
        metrics.waiting(waiting::size);
    }

    void start(@Observes StartupEvent event) {
        writer = Thread.ofVirtual().name("spyhop-audit").start(this::write);
    }

    void stop(@Observes ShutdownEvent event) {
        closing.countDown();
        Thread running = writer;
        if (running == null) {
            return;
        }
        // Not by an interrupt, which would break a connection in use. In a full queue the writer needs no call.
        waiting.offer(END);
        try {
            if (!running.join(AuditLimits.CLOSE)) {
                LOGGER.atWarn().addKeyValue("count", waiting.size()).log("Audit rows were not written at the end.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The door's: writes down how this request is answered. One that is routed again is watched once, under the address
     * that was sent.
     */
    public void watch(RoutingContext context, String path) {
        if (context.get(WATCHED) != null) {
            return;
        }
        context.put(WATCHED, true);
        HttpServerRequest request = context.request();
        String remote = Remote.of(request);
        context.addEndHandler(ended -> add(row(context, remote, path)));
    }

    private static AuditRow row(RoutingContext context, String remote, String path) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        Optional<Caller> caller = Scope.knownCaller(context);
        return new AuditRow(
                0,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                caller.map(Caller::token).orElse(null),
                caller.map(Caller::name).orElse(null),
                caller.map(Caller::role).orElse(null),
                caller.flatMap(Caller::session).orElse(null),
                remote,
                cut(request.method().name(), AuditLimits.METHOD_LENGTH_MAX),
                cut(path, AuditLimits.PATH_LENGTH_MAX),
                Scope.knownId(context).map(WorkloadId::value).orElse(null),
                response.headWritten() ? response.getStatusCode() : AuditRow.UNANSWERED,
                Scope.trace(context).traceId());
    }

    private void add(AuditRow row) {
        if (row.tokenId() == null && !unknown.take(row.at())) {
            metrics.leftOut();
        } else if (!waiting.offer(row)) {
            metrics.lost(1);
            if (!losing) {
                losing = true;
                LOGGER.atError().log("Audit rows are lost: the database is away for too long.");
            }
        }
    }

    private void write() {
        try {
            List<AuditRow> batch = new ArrayList<>();
            Duration pause = AuditLimits.BACKOFF_MIN;
            while (take(batch)) {
                if (written(batch)) {
                    batch.clear();
                    pause = AuditLimits.BACKOFF_MIN;
                } else if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    // Once more, in case it is back.
                    if (!written(batch)) {
                        metrics.lost(batch.size() + waiting.size());
                        return;
                    }
                    batch.clear();
                } else {
                    Duration longer = pause.multipliedBy(2);
                    pause = longer.compareTo(AuditLimits.BACKOFF_MAX) > 0 ? AuditLimits.BACKOFF_MAX : longer;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean written(List<AuditRow> batch) {
        try {
            store.add(batch);
            metrics.written(batch.size());
            away = false;
            losing = false;
            return true;
        } catch (SQLException | RuntimeException e) {
            if (!away) {
                away = true;
                LOGGER.atWarn().addKeyValue("reason", e.toString()).log("The audit waits for the database.");
            }
            return false;
        }
    }

    /** Takes what waits, or waits for it; tells whether there is something. */
    private boolean take(List<AuditRow> batch) throws InterruptedException {
        while (batch.isEmpty()) {
            if (closing.getCount() > 0) {
                batch.add(waiting.take());
            }
            waiting.drainTo(batch, AuditLimits.BATCH_MAX - batch.size());
            batch.remove(END);
            if (batch.isEmpty() && closing.getCount() == 0) {
                return false;
            }
        }
        return true;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
