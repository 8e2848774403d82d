package io.spyhop.logs.capture;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.logs.LogConnections;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.capture.PendingTransition.Part;
import io.spyhop.logs.store.ChunkReader;
import io.spyhop.messaging.TopicPublisher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the last lines of lives that have ended, once all of their output is stored. Reads them from the store, a few
 * lives at a time. Thread-safe.
 */
@ApplicationScoped
class Evidence {
    private static final Logger LOGGER = LoggerFactory.getLogger(Evidence.class);

    private final ChunkReader reader;
    private final TopicPublisher publisher;
    private final Semaphore turns = new Semaphore(LogLimits.EVIDENCE_READERS);

    @Inject
    Evidence(ChunkReader reader, LogConnections connections) {
        this.reader = reader;
        this.publisher = connections.publisher();
    }

    /**
     * Tries once, in the background.
     *
     * @param done told whether the broker has it; after a pause where it does not
     */
    void tell(EndedLife life, Consumer<Boolean> done) {
        Thread.ofVirtual().name("evidence-" + life.ending().containerId()).start(() -> {
            try {
                done.accept(told(life));
            } catch (InterruptedException e) {
                // Nobody interrupts it: the process ends, and the transition comes again.
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean told(EndedLife life) throws InterruptedException {
        turns.acquire();
        try {
            LinesEvidence evidence = read(life);
            publisher.publishJson(Topics.EVIDENCE, evidence.key(), evidence).get();
            return true;
        } catch (SQLException | ExecutionException e) {
            LOGGER.atDebug()
                    .addKeyValue("workload", life.ending().workload())
                    .setCause(e)
                    .log("The last lines of a life cannot be told yet.");
        } finally {
            turns.release();
        }
        Thread.sleep(LogLimits.RETRY_PAUSE);
        return false;
    }

    private LinesEvidence read(EndedLife life) throws SQLException {
        WorkloadId workload = life.ending().workload();
        LastLines lines = new LastLines(life);
        long number = life.number();
        if (number < 0 || life.part() == Part.WITH_REST) {
            lines.add(reader.tail(workload, LogLimits.EVIDENCE_SOUGHT_LINES));
            return lines.evidence();
        }
        long after = Math.max(0, number - (life.several() ? LogLimits.EVIDENCE_SHARED_LINES : LinesEvidence.LINES_MAX));
        while (after < number && !lines.ended()) {
            LinesPage page = reader.after(workload, after, Math.toIntExact(number - after));
            lines.add(page);
            if (page.through() <= after) {
                break;
            }
            after = page.through();
        }
        return lines.evidence();
    }
}
