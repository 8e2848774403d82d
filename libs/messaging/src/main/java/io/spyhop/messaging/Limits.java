package io.spyhop.messaging;

import java.time.Duration;

/** Every size and time of this module, and why it has that value. */
final class Limits {
    /** Records that wait for the broker: half a minute of one busy host's log batches. */
    static final long PUBLISHER_BUFFER_BYTES = 32L * 1024 * 1024;

    /**
     * So much leaves in one request for a partition where it is there: some five batches of lines. A request costs the
     * broker as much as the lines of one of them cost to read, number and compress.
     */
    static final int PUBLISHED_TOGETHER_BYTES = 128 * 1024;

    /** The broker's default limit of one record. */
    static final int RECORD_BYTES_MAX = 1024 * 1024;

    /** How long a publish may block where the buffer is full: callers are event loops and capture threads. */
    static final Duration PUBLISH_BLOCK = Duration.ofMillis(10);

    /**
     * How long a publish waits for the first word of the broker about a topic: once for each topic, for what is known
     * stays known.
     */
    static final Duration TOPIC_LOOKUP = Duration.ofSeconds(2);

    /** How long nobody waits for an unknown topic after one wait was in vain. */
    static final Duration TOPIC_LOOKUP_PAUSE = Duration.ofSeconds(10);

    /** A record that no broker took for so long fails: its sender has a way to make it good. */
    static final Duration DELIVERY = Duration.ofSeconds(30);

    /** One request to a broker; three fit into {@link #DELIVERY}. */
    static final Duration REQUEST = Duration.ofSeconds(10);

    /** A member that is silent for so long loses its share; the least that brokers allow by default. */
    static final Duration SESSION_MIN = Duration.ofSeconds(6);

    /** Longer sessions change nothing else: a third of it, for which a broker keeps a fetch, is half a {@link #REQUEST}. */
    static final Duration SESSION_PACE_MAX = Duration.ofSeconds(15);

    /** A member that does not poll for so long loses its share: a handler may wait for a database meanwhile. */
    static final Duration POLL_INTERVAL_MAX = Duration.ofMinutes(5);

    /** One poll of a reader that has more to do than to read: it bounds how late that is noticed. */
    static final Duration POLL = Duration.ofSeconds(1);

    /** A request for records that waits at the broker; what else a reader asks that broker waits behind it. */
    static final Duration FETCH_WAIT = Duration.ofMillis(500);

    /** The same for members that hold partitions back and take them up again, which waits for the return of a request. */
    static final Duration FETCH_WAIT_HOLDING = Duration.ofSeconds(2);

    /** One poll while something is about to be finished that no record announces (loading, freed room). */
    static final Duration POLL_SOON = Duration.ofMillis(10);

    /** One question about a topic's past: whoever asks has another way, or asks again. */
    static final Duration HISTORY = Duration.ofSeconds(5);

    /** The same with the wait behind others who ask. */
    static final Duration HISTORY_WAIT = Duration.ofSeconds(15);

    /** Questions about one topic's past that are answered at once: each is a consumer, for a moment. */
    static final int HISTORIES_MAX = 2;

    /** How long the end of a partition may be looked up before the next poll: heartbeats go on meanwhile. */
    static final Duration LOOKUP = Duration.ofSeconds(1);

    /** One answer to a fetch: bounds what a consumer holds beyond what its reader has in hand. */
    static final int FETCH_BYTES_MAX = 16 * 1024 * 1024;

    /** One partition's part of it: a burst of the largest batches comes in few round trips. */
    static final int PARTITION_FETCH_BYTES_MAX = 4 * 1024 * 1024;

    /** Companion records that were delivered but not acknowledged; beyond it their reading pauses. */
    static final long UNACKNOWLEDGED_BYTES_MAX = 32L * 1024 * 1024;

    /** The same as a count, because small records cost more than their bytes. */
    static final int UNACKNOWLEDGED_RECORDS_MAX = 50_000;

    /** How often acknowledged positions are committed; a crash repeats at most so much. */
    static final Duration COMMIT_EVERY = Duration.ofSeconds(1);

    /** A commit that others wait for: while giving a share back, and while closing. */
    static final Duration COMMIT = Duration.ofSeconds(1);

    /** The pause after a failure, doubled each time. */
    static final Duration RETRY_MIN = Duration.ofMillis(200);

    /** The longest pause after repeated failures. */
    static final Duration RETRY_MAX = Duration.ofSeconds(10);

    /** Making a dead-letter topic, and storing a record there. */
    static final Duration DEAD_LETTER = Duration.ofSeconds(10);

    /** Leaving the group and sending what waits. */
    static final Duration CLOSE = Duration.ofSeconds(5);

    /**
     * Leaving the group while its shares are settled: the broker reads that word at once. Whatever else a consumer would
     * wait for is the end of a fetch, which the broker keeps for as long as {@link KafkaConnection#heartbeat}.
     */
    static final Duration LEAVE = Duration.ofMillis(250);

    /** How long closing waits for a handler before it is interrupted. */
    static final Duration CLOSE_HANDLER = Duration.ofSeconds(10);

    private Limits() {}
}
