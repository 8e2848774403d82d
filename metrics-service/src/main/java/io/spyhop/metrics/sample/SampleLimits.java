package io.spyhop.metrics.sample;

import io.spyhop.contracts.metric.UsageApi;
import java.time.Duration;

/** Every limit of sampling, with its reason. */
final class SampleLimits {
    /** Between two rounds: the shortest interval, and how far apart the figures of a workload are that is being watched. */
    static final Duration SWEEP = Duration.ofSeconds(1);

    /** Between two entries of the flight recorder, in rounds. Twice as fine would be twice the memory. */
    static final int RECORDER_ROUNDS = 2;

    /** Entries of the flight recorder: five minutes, and one to compare the first with. */
    static final int RECORDER_ENTRIES = 151;

    /** Readings that are closer together make no rate: a moment's work would look like a storm. */
    static final Duration RATE_MIN = Duration.ofMillis(200);

    /**
     * An earlier reading is kept for comparison until the next one is so far from it. Where somebody watches, a reading that is
     * older than this is taken anew in each round: a round, less what an engine's answer and the clock may be off.
     */
    static final Duration SPAN = Duration.ofMillis(800);

    /** Between two readings where somebody asks and there is none to compare with. */
    static final Duration PAIR = Duration.ofMillis(300);

    /** A reading that is told as what is used now is taken anew when it is older: a margin to what was promised. */
    static final Duration FRESH = Duration.ofMillis(UsageApi.FRESH_MILLIS / 2);

    /** How long one who asks waits for engines: two answers of a second each, and some queueing. */
    static final Duration ASK_WAIT = Duration.ofSeconds(4);

    /** A workload counts as watched for so long after it was asked for. */
    static final Duration WATCHED = Duration.ofSeconds(3);

    /**
     * Requests for statistics to one engine at the same time. Each takes a second, in which the engine works for some
     * milliseconds: this is a tenth of one of its processors at the most, and 480 containers in 30 s.
     */
    static final int ENGINE_CALLS = 16;

    /** Before a container whose counters could not be read is looked for again: its end may not have been told yet. */
    static final Duration REOPEN = Duration.ofSeconds(5);

    /**
     * Usages that wait for the broker, in samples and evidence: some 20 MiB of heap, and more than ten minutes of a thousand
     * containers.
     */
    static final int OUTBOX_USAGES = 50_000;

    /** Records that were handed to the publisher and not answered: a tenth of its buffer. */
    static final int OUTBOX_SENT = 4_000;

    /**
     * How long a sample waits for the others of its round: as long as a round of a thousand containers takes. They leave in one
     * request, and are read and stored together.
     */
    static final Duration LINGER = Duration.ofMillis(20);

    /** Before a broker that did not take a record is tried again. */
    static final Duration OUTBOX_PAUSE = Duration.ofSeconds(1);

    /** How long the end of the process waits for the last records. */
    static final Duration OUTBOX_CLOSE = Duration.ofSeconds(5);

    private SampleLimits() {}
}
