package io.spyhop.ports.detect;

import java.time.Duration;

/** Every limit of detection, with its reason. */
final class DetectLimits {
    /** A life so young is beginning to listen: what is seen once is announced. */
    static final Duration START = Duration.ofSeconds(10);

    /** Before a container of this machine is looked at for the second time where a port was seen once: who waits for it waits less. */
    static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    /**
     * The least port that systems give to who asks for any: what listens there may be gone in a moment, and is seen twice at a
     * start too.
     */
    static final int EPHEMERAL_MIN = 32_768;

    /** Ports of one container in a record, which has 1 MiB at the most: 200 bytes each. */
    static final int PORTS_MAX = 4000;

    /** Ports that are gone, in a record: to tell who comes back when they were last seen. */
    static final int GONE_MAX = 50;

    /** Before a container that could not be looked at is tried again: its end may not have been told yet. */
    static final Duration REOPEN = Duration.ofSeconds(5);

    /** Before one without any program for it is tried again: each try costs its engine three commands. */
    static final Duration NO_WAY_AGAIN = Duration.ofMinutes(5);

    /** Commands in containers of one engine at the same time: each takes some 40 ms of a processor there. */
    static final int ENGINE_CALLS = 4;

    /** Before a broker that did not take a record, or did not tell the former ones, is tried again. */
    static final Duration BROKER_PAUSE = Duration.ofSeconds(2);

    /** Addresses of a container that were asked for before are good enough for so long. */
    static final Duration ADDRESSES_AGAIN = Duration.ofSeconds(30);

    /** Records of the topic that are read at once. */
    static final int PAGE_RECORDS = 1000;

    private DetectLimits() {}
}
