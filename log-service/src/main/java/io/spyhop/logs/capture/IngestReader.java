package io.spyhop.logs.capture;

import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.number.OwnershipLostException;
import io.spyhop.logs.number.WorkloadLog;
import io.spyhop.logs.store.Ownership;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends what one workload was sent, under one ownership, on a virtual thread of its own. Whatever fails ends the ownership, and
 * under the next one everything that is not stored is appended anew: each source knows how far it is stored.
 */
final class IngestReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(IngestReader.class);

    private final IngestQueue queue;
    private final Ownership ownership;
    private final WorkloadLog log;
    private final CaptureContext context;

    // Used by the reconciler only.
    private @Nullable Thread thread;

    // Used by the reader only.
    private final Map<String, IngestSource> sources = new HashMap<>();
    private boolean kept;

    IngestReader(IngestQueue queue, Ownership ownership, WorkloadLog log, CaptureContext context) {
        this.queue = queue;
        this.ownership = ownership;
        this.log = log;
        this.context = context;
    }

    /** Begins to read, if it has not. Called by the reconciler. */
    void start() {
        if (thread == null) {
            thread = Thread.ofVirtual().name("ingest-" + log.workload()).start(this::read);
        }
    }

    /** Ends the reading; returns when nothing more is appended. What is not stored is read under the next ownership. */
    void stop() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
        queue.takeAgain();
    }

    private void read() {
        try {
            while (true) {
                PendingIngest next = queue.take(LogLimits.PIECES_PATIENCE);
                if (next == null) {
                    for (IngestSource source : sources.values()) {
                        source.giveUpPieces();
                    }
                } else {
                    append(next);
                }
            }
        } catch (OwnershipLostException e) {
            log.fail();
        } catch (SQLException e) {
            LOGGER.atDebug()
                    .addKeyValue("workload", log.workload())
                    .setCause(e)
                    .log("A workload that is sent lines waits for the database.");
            log.fail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("workload", log.workload())
                    .setCause(e)
                    .log("Lines that were sent could not be taken; taking them begins again.");
            log.fail();
        }
    }

    private void append(PendingIngest next) throws SQLException, InterruptedException {
        IngestRecord record = next.record();
        if (!kept && record.kind() == Kind.JOB_RUN) {
            // Before the first line: nobody would tell it again once that is acknowledged.
            context.keptWorkloads().keep(log.workload());
            kept = true;
        }
        sources.computeIfAbsent(record.source(), name -> new IngestSource(name, ownership, log, context.metrics()))
                .append(record, () -> queue.stored(next));
    }
}
