package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerDetails;
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

    private record Row(String text, Instant at) {}

    private final InstanceTransition ending;
    private final Part part;
    private final boolean several;
    private final Deque<Row> rows = new ArrayDeque<>();
    private Instant latest;
    private long through;
    private boolean ended;

    LastLines(EndedLife life) {
        this.ending = life.ending();
        this.part = life.part();
        this.several = life.several();
        Instant nextStart = life.nextStart();
        this.latest = nextStart == null ? Instant.MAX : ContainerDetails.outputBoundary(ending.at(), nextStart);
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
        boolean system = row.path("stream").asText().equals(Stream.SYSTEM.wire());
        boolean start = system && row.path("message").asText().equals(STARTED);
        if (start && at.isAfter(ending.at())) {
            endWithin(ContainerDetails.outputBoundary(ending.at(), at));
        }
        if (at.isAfter(latest)) {
            return;
        }
        if (start && at.equals(ending.lifeStartedAt())) {
            Instant begin = at.minus(BEFORE_START);
            rows.removeIf(earlier -> earlier.at().isBefore(begin));
        }
        rows.addLast(new Row(text, at));
        if (rows.size() > LinesEvidence.LINES_MAX) {
            rows.removeFirst();
        }
        ended = system && at.equals(ending.at()) && part != Part.WITH_REST;
    }

    /** A busy engine dates the last lines as late as it reads them, so that only a next life limits them. */
    private void endWithin(Instant boundary) {
        if (boundary.isBefore(latest)) {
            latest = boundary;
            rows.removeIf(row -> row.at().isAfter(boundary));
        }
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
