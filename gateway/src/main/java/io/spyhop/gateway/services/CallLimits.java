package io.spyhop.gateway.services;

import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.workload.Workload;
import java.time.Duration;

/** The limits of calls to other services. */
final class CallLimits {
    /** A service is on this machine or next to it: one that does not accept by then is away. */
    static final Duration CONNECT = Duration.ofSeconds(1);

    /** One row by its key takes milliseconds; a request waits for this before anything else. */
    static final Duration LOOKUP = Duration.ofSeconds(2);

    /** The largest page takes a few hundred milliseconds of a busy machine; one that takes longer helps nobody. */
    static final Duration PAGE = Duration.ofSeconds(3);

    /** All attempts of a call, the pauses between them too: a client knows after so long that something is away. */
    static final Duration TOTAL = Duration.ofSeconds(5);

    /** Times that every usable replica is asked. With the pauses it spans a lost connection, not a restart. */
    static final int ROUNDS = 3;

    /** Before the second round; doubled and doubled again before the others. */
    static final Duration BACKOFF = Duration.ofMillis(100);

    /** A replica that refused, broke off or is busy costs little to ask: passed over from this on, doubled each time. */
    static final Duration PASS_OVER_MIN = Duration.ofMillis(100);

    /** The longest of these: how late a replica that came back may take its share again. */
    static final Duration PASS_OVER_MAX = Duration.ofSeconds(2);

    /** A replica that did not answer in time costs whoever asks it all of that time. */
    static final Duration PASS_OVER_SILENT_MIN = Duration.ofSeconds(2);

    static final Duration PASS_OVER_SILENT_MAX = Duration.ofSeconds(10);

    /** Whether a process lives it says without asking anybody. */
    static final Duration PROBE = Duration.ofSeconds(1);

    /** After a probe in vain nobody waits for another, so that callers of a service that hangs learn it at once. */
    static final Duration PROBE_PAUSE = Duration.ofSeconds(1);

    /** Calls of one service at once, each with a page in memory; more wait. */
    static final int CALLS_MAX = 64;

    /** How old what the name service said may be: a new replica is found by then. */
    static final Duration NAMES_AGE = Duration.ofSeconds(5);

    /** How long a call waits for the name service before it ever answered; afterwards none does. */
    static final Duration NAMES_WAIT = Duration.ofSeconds(1);

    /** A page of lines, or one line of a mebibyte of which every byte is escaped, and what frames it. */
    static final int LINES_BYTES_MAX = 2 * LogsApi.PAGE_BYTES_MAX;

    /** A thousand workloads with a dozen instances each take a third of it. */
    static final int JSON_BYTES_MAX = 16 * 1024 * 1024;

    private CallLimits() {}

    /** How long one attempt may take. */
    static Duration attempt(Class<?> answer) {
        return answer == Workload.class ? LOOKUP : PAGE;
    }
}
