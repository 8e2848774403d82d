package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.logs.capture.PendingTransition.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Picks the last lines of one life from rows of its workload in ascending order: those of its container, without what is older than
 * the life where the line of its start is among them, up to the line of its end, or with what came after it. Not thread-safe.
 */
final class LastLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STARTED = "worker started";

    /**
     * The engine notes a start some milliseconds after the process may have written, and output may stand before the line of the
     * start where capture began late. Between two lives lies more time than this.
     */
    private static final Duration BEFORE_START = Duration.ofMillis(50);

    /** The engine notes an end before it has read the last lines. What is later is of the next life, read together with this. */
    private static final Duration AFTER_END = Duration.ofMillis(50);

    private record Row(String text, Instant at) {}

    private final InstanceTransition ending;
    private final Part part;
    private final boolean several;
    private final Deque<Row> rows = new ArrayDeque<>();
    private long through;
    private boolean ended;

    /**
     * The last lines of the life that a transition ends.
     *
     * @param part whether there may be a rest, or has come
     * @param several whether lines bear the index of their instance
     */
    LastLines(InstanceTransition ending, Part part, boolean several) {
        this.ending = ending;
        this.part = part;
        this.several = several;
    }

    /** Whether the line of the end has come: what follows is of no interest. */
    boolean ended() {
        return ended;
    }

    void add(LinesPage page) {
        new String(page.ndjson(), UTF_8).lines().takeWhile(row -> !ended).forEach(this::add);
    }

    private void add(String text) {
        JsonNode row = parsed(text);
        through = row.path("lineNo").asLong();
        if (several && row.path("instance").asInt() != ending.index()) {
            return;
        }
        Instant at = Instant.parse(row.path("at").asText());
        if (at.isAfter(ending.at().plus(AFTER_END))) {
            return;
        }
        boolean system = row.path("stream").asText().equals(Stream.SYSTEM.wire());
        if (system
                && at.equals(ending.lifeStartedAt())
                && row.path("message").asText().equals(STARTED)) {
            Instant begin = at.minus(BEFORE_START);
            rows.removeIf(earlier -> earlier.at().isBefore(begin));
        }
        rows.addLast(new Row(text, at));
        if (rows.size() > LinesEvidence.LINES_MAX) {
            rows.removeFirst();
        }
        ended = system && at.equals(ending.at()) && part != Part.WITH_REST;
    }

    /** The newest lines count first where not all fit. */
    LinesEvidence evidence() {
        List<String> kept = new ArrayList<>();
        int bytes = 0;
        for (Row row : rows.reversed()) {
            int length = row.text().getBytes(UTF_8).length + 1;
            if (bytes + length <= LinesEvidence.BYTES_MAX) {
                kept.add(row.text());
                bytes += length;
            }
        }
        Collections.reverse(kept);
        StringBuilder ndjson = new StringBuilder(bytes);
        kept.forEach(row -> ndjson.append(row).append('\n'));
        return new LinesEvidence(
                LinesEvidence.TYPE,
                ending.workload(),
                ending.host(),
                ending.containerId(),
                ending.index(),
                ending.lifeStartedAt(),
                ending.at(),
                through,
                ndjson.toString(),
                rows.size() - kept.size(),
                part == Part.BEGINNING ? Boolean.TRUE : null);
    }

    private static JsonNode parsed(String row) {
        try {
            return JSON.readTree(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored row is no JSON", e);
        }
    }
}
