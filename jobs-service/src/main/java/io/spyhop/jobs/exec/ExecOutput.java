package io.spyhop.jobs.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.IngestLine;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.ExecSink;
import io.spyhop.messaging.TopicPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a command writes as lines of its run, counted from 1. One record is under way while the next one gathers, and one that
 * the broker did not take is sent again: so all come in order, each at least once, and at most two are held. Beyond that the reader waits,
 * and with it the command. Used by one thread.
 */
final class ExecOutput implements ExecSink {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExecOutput.class);

    /** A longer line goes in pieces. */
    private static final int PIECE_CHARACTERS = IngestRecord.CHARACTERS_MAX - IngestRecord.LINE_OVERHEAD;

    private final TopicPublisher publisher;
    private final WorkloadId workload;
    private final String source;

    private List<IngestLine> lines = new ArrayList<>();
    private int characters;
    private long firstOrdinal = 1;
    private @Nullable Sent sent;

    /** A record that is under way. */
    private record Sent(IngestRecord record, CompletableFuture<Void> arrived) {}

    /** @param source whose lines are counted: nobody else publishes under this name, nor did before */
    ExecOutput(TopicPublisher publisher, WorkloadId workload, String source) {
        this.publisher = publisher;
        this.workload = workload;
        this.source = source;
    }

    @Override
    public void line(boolean stderr, long atNanos, byte[] bytes, int offset, int length, boolean partial)
            throws InterruptedException {
        Stream stream = stderr ? Stream.STDERR : Stream.STDOUT;
        String text = new String(bytes, offset, length, UTF_8);
        int from = 0;
        while (text.length() - from > PIECE_CHARACTERS) {
            int to = from + PIECE_CHARACTERS;
            to -= Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
            add(new IngestLine(stream, atNanos, text.substring(from, to), true, null));
            from = to;
        }
        add(new IngestLine(stream, atNanos, text.substring(from), partial ? true : null, null));
    }

    /** A line of Spyhop's own. */
    void system(long atNanos, String text, Map<String, String> fields) throws InterruptedException {
        add(new IngestLine(Stream.SYSTEM, atNanos, text, null, fields));
    }

    @Override
    public void drained() throws InterruptedException {
        if (!lines.isEmpty()) {
            send();
        }
    }

    /** Returns when the broker has everything. */
    void finish() throws InterruptedException {
        drained();
        awaitSent();
    }

    private void add(IngestLine line) throws InterruptedException {
        int more = line.text().length() + IngestRecord.LINE_OVERHEAD;
        if (!lines.isEmpty() && characters + more > IngestRecord.CHARACTERS_MAX) {
            send();
        }
        lines.add(line);
        characters += more;
    }

    private void send() throws InterruptedException {
        awaitSent();
        IngestRecord record = new IngestRecord(workload, Kind.JOB_RUN, source, firstOrdinal, lines);
        firstOrdinal += lines.size();
        lines = new ArrayList<>();
        characters = 0;
        sent = publish(record);
    }

    private Sent publish(IngestRecord record) {
        return new Sent(record, publisher.publishJson(Topics.INGEST, record.key(), record));
    }

    private void awaitSent() throws InterruptedException {
        while (sent != null) {
            try {
                sent.arrived().get();
                sent = null;
            } catch (ExecutionException e) {
                LOGGER.atDebug().addKeyValue("run", workload).setCause(e).log("Output of a run could not be sent yet.");
                Thread.sleep(ExecLimits.RETRY_PAUSE);
                sent = publish(sent.record());
            }
        }
    }
}
