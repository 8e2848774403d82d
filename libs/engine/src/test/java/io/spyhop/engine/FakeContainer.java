package io.spyhop.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container of {@link FakeEngine}, which alone touches it, under its lock. */
final class FakeContainer {
    @SuppressWarnings("ArrayRecordComponent")
    record Line(boolean stderr, long atNanos, byte[] bytes) {
        /** In pieces that a sink takes. */
        void hand(LogSink sink) throws InterruptedException {
            int offset = 0;
            while (bytes.length - offset > LogSink.LINE_BYTES_MAX) {
                sink.line(stderr, atNanos, bytes, offset, LogSink.LINE_BYTES_MAX, true);
                offset += LogSink.LINE_BYTES_MAX;
            }
            sink.line(stderr, atNanos, bytes, offset, bytes.length - offset, false);
        }
    }

    final String id;
    final FakeBlueprint blueprint;
    final long createdNanos;
    final List<Line> log = new ArrayList<>();
    String name;
    String state = "created";
    int life;
    int restartCount;
    int readers;
    int dropped;
    boolean oomKilled;

    @Nullable
    Long pid;

    @Nullable
    Integer exitCode;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant finishedAt;

    FakeContainer(String id, FakeBlueprint blueprint, long createdNanos) {
        this.id = id;
        this.blueprint = blueprint;
        this.name = blueprint.name();
        this.createdNanos = createdNanos;
    }

    boolean alive() {
        return state.equals("running") || state.equals("paused");
    }

    /** A life begins. */
    void start(long nowNanos, long firstPid) {
        restartCount = state.equals("restarting") ? restartCount : 0;
        state = "running";
        life++;
        exitCode = null;
        oomKilled = false;
        pid = firstPid + life;
        startedAt = instant(nowNanos);
    }

    void write(boolean stderr, long atNanos, byte[] line) {
        log.add(new Line(stderr && !blueprint.tty(), atNanos, line.clone()));
    }

    /** Only so many newest lines are left. */
    void dropOldLines(int left) {
        int old = Math.max(0, log.size() - left);
        log.subList(0, old).clear();
        dropped += old;
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    ContainerDetails details() {
        return new ContainerDetails(
                id,
                name,
                blueprint.image(),
                state,
                blueprint.labels(),
                blueprint.tty(),
                blueprint.logDriver(),
                pid,
                exitCode,
                oomKilled,
                restartCount,
                instant(createdNanos),
                startedAt,
                finishedAt,
                alive() ? blueprint.publishedPorts() : List.of(),
                blueprint.memoryLimitBytes(),
                null,
                ContainerSetup.UNKNOWN);
    }
}
