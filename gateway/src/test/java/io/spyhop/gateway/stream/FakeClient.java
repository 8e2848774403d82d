package io.spyhop.gateway.stream;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that remembers what it got, and can stop reading. */
final class FakeClient implements LineWriter {
    private static final Pattern ID = Pattern.compile("id: (\\d+)\ndata: \\{\"lineNo\":(\\d+),");

    private final Rendering rendering;
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final List<Long> keptAlive = new CopyOnWriteArrayList<>();
    private final List<String> gaps = new CopyOnWriteArrayList<>();
    private final Semaphore reads = new Semaphore(0);
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean stalled;
    private volatile boolean stopped;
    private volatile boolean ended;

    FakeClient(Rendering rendering) {
        this.rendering = rendering;
    }

    @Override
    public Rendering rendering() {
        return rendering;
    }

    @Override
    public void write(Lines lines, int from, int to) throws InterruptedException {
        if (stalled) {
            reads.acquire();
        }
        if (stopped) {
            throw new ClientGoneException();
        }
        Buffer bytes = lines.slice(lines.offset(from), lines.offset(to));
        written.add(bytes.toString(StandardCharsets.UTF_8));
        count.addAndGet(to - from);
    }

    @Override
    public void gap(long first, long last) {
        gaps.add(LineWriter.gapText(first, last));
    }

    @Override
    public void dropped(long lines) {
        written.add("data: " + LineWriter.droppedText(lines) + "\n\n");
        count.incrementAndGet();
    }

    @Override
    public void keepAlive(long cursor) {
        keptAlive.add(cursor);
    }

    @Override
    public void stop() {
        stopped = true;
        reads.release();
    }

    @Override
    public void end() {
        ended = true;
    }

    void stall() {
        stalled = true;
    }

    void readOn() {
        stalled = false;
        reads.release();
    }

    /** How many lines it got. */
    int count() {
        return count.get();
    }

    boolean waiting() {
        return reads.hasQueuedThreads();
    }

    boolean ended() {
        return ended;
    }

    List<String> gaps() {
        return gaps;
    }

    List<Long> keptAlive() {
        return keptAlive;
    }

    String text() {
        return String.join("", written);
    }

    /** The numbers of all events, each of which must stand in both places. */
    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        Matcher matcher = ID.matcher(text());
        while (matcher.find()) {
            if (!matcher.group(1).equals(matcher.group(2))) {
                throw new AssertionError("id and lineNo differ: " + matcher.group());
            }
            numbers.add(Long.parseLong(matcher.group(1)));
        }
        return numbers;
    }
}
