package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spyhop.contracts.log.IngestLine;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.log.Stream;
import io.spyhop.engine.LogSink;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.number.Line;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.number.WorkloadLog;
import io.spyhop.logs.store.Ownership;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One source of lines of a workload, under one ownership. The ordinal of its last stored entry is kept where those of streams of
 * containers keep a time, and moves with the chunk: entries up to it are repeats. Ordinals without their entries are told as a
 * gap. Joins the pieces of long lines; a record is stored once the line is in which its last piece ends up. Used by the workload's
 * {@link IngestReader} only.
 */
final class IngestSource {
    private final WorkloadLog log;
    private final LogMetrics metrics;
    private final StreamCursor cursor;

    /** The ordinal of the last entry that was taken. */
    private long taken;

    private long lastAt;

    // A line of which not all has come.
    private ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private Stream piecesStream = Stream.STDOUT;
    private final List<Runnable> piecesStored = new ArrayList<>();

    IngestSource(String name, Ownership ownership, WorkloadLog log, LogMetrics metrics) {
        this.log = log;
        this.metrics = metrics;
        this.cursor = new StreamCursor(ownership.position(positionOf(name), Stream.STDOUT));
        this.taken = cursor.lastAt();
    }

    /** By what name its position is stored; no container has such an id. */
    private static String positionOf(String source) {
        return "ingest/" + source;
    }

    /**
     * Appends what is new of a record.
     *
     * @param stored run once all of it is stored
     */
    void append(IngestRecord record, Runnable stored) throws InterruptedException {
        List<IngestLine> lines = record.lines();
        long first = record.firstOrdinal();
        long last = first + lines.size() - 1;
        if (last <= taken) {
            // What it repeats is acknowledged when it is stored, and until then keeps this one's place on the topic
            // too.
            metrics.repeated(lines.size());
            stored.run();
            return;
        }
        if (first > taken + 1) {
            tellGap(first, lines.getFirst().at());
        }
        int repeated = Math.toIntExact(taken + 1 - first);
        metrics.repeated(repeated);
        for (IngestLine line : lines.subList(repeated, lines.size())) {
            taken++;
            take(line, taken == last ? stored : null);
        }
    }

    /** Nothing came for long: what came of a line counts as all there is. */
    void giveUpPieces() throws InterruptedException {
        if (pieces.size() > 0 || !piecesStored.isEmpty()) {
            appendPieces(lastAt, taken);
        }
    }

    private void take(IngestLine line, @Nullable Runnable stored) throws InterruptedException {
        byte[] bytes = line.text().getBytes(UTF_8);
        if (pieces.size() > 0 && pieces.size() + bytes.length > LogSink.LINE_BYTES_MAX) {
            appendPieces(line.at(), taken - 1);
        }
        lastAt = line.at();
        if (line.goesOn()) {
            piecesStream = line.stream();
            pieces.writeBytes(bytes);
            if (stored != null) {
                piecesStored.add(stored);
            }
            return;
        }
        if (pieces.size() > 0) {
            pieces.writeBytes(bytes);
            bytes = pieces.toByteArray();
        }
        if (stored != null) {
            piecesStored.add(stored);
        }
        append(new Line(line.stream(), line.at(), -1, bytes, 0, bytes.length, false), taken, line.fields());
    }

    private void appendPieces(long at, long ordinal) throws InterruptedException {
        byte[] bytes = pieces.toByteArray();
        append(new Line(piecesStream, at, -1, bytes, 0, bytes.length, true), ordinal, null);
    }

    private void append(Line line, long ordinal, @Nullable Map<String, String> fields) throws InterruptedException {
        List<Runnable> stored = List.copyOf(piecesStored);
        log.append(
                line,
                cursor,
                ordinal,
                fields == null || line.stream() != Stream.SYSTEM ? null : SystemText.json(fields),
                stored.isEmpty() ? null : () -> stored.forEach(Runnable::run));
        piecesStored.clear();
        if (pieces.size() > 0) {
            pieces = new ByteArrayOutputStream();
        }
    }

    /** The topic keeps records for a time and up to a size only. */
    private void tellGap(long first, long at) throws InterruptedException {
        giveUpPieces();
        long missing = first - taken - 1;
        GapLines.Gap gap = GapLines.expired(lastAt == 0 ? at : lastAt, at, missing);
        metrics.gap();
        byte[] bytes = gap.text().getBytes(UTF_8);
        log.append(
                new Line(Stream.SYSTEM, at, -1, bytes, 0, bytes.length, false), cursor, first - 1, gap.fields(), null);
        taken = first - 1;
    }
}
