package io.spyhop.gateway.token;

import java.time.Duration;

/** The limits of signing in. */
final class AccessLimits {
    /** A session works so long, unless its token expires before. */
    static final Duration SESSION_AGE = Duration.ofDays(30);

    /** Long enough to be sent to somebody, short enough to be found useless in a terminal's history. */
    static final Duration LINK_AGE = Duration.ofMinutes(15);

    /** Links that were not used yet; beyond it the oldest stop working, so that making them fills no table. */
    static final int LINKS_MAX = 100;

    /** Long enough for a browser to be sent from one host to the other. */
    static final Duration PORT_CODE_AGE = Duration.ofMinutes(1);

    /** A browser that comes later is sent for another one, without its user seeing it. */
    static final Duration PORT_PASS_AGE = Duration.ofHours(12);

    /** Beyond so many codes and passes the oldest stop working: whoever loses one is sent for another. */
    static final int PORT_PASSES_MAX = 10_000;

    /** That a session or token is used is written so often at most: reading must not become writing. */
    static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    /** What is kept of a browser's name for itself. */
    static final int USER_AGENT_LENGTH_MAX = 200;

    /** Answers of the database are believed so long: a revoked token may work so long on another gateway. */
    static final Duration KNOWN = Duration.ofSeconds(5);

    /** Beyond so many known answers the cache starts anew, so that it cannot grow without end. */
    static final int KNOWN_MAX = 10_000;

    /** A longer token or cookie cannot be right, and is not worth a hash. */
    static final int SECRET_LENGTH_MAX = 400;

    /** So many failures of one address are answered at once: a person mistypes, a script has an old token. */
    static final int FAILURES_FREE = 12;

    /** After so many an address is told to come back later. Until then each is answered later than the one before. */
    static final int FAILURES_MAX = 24;

    /** The first delay of an answer, doubled each time. */
    static final Duration FAILURE_DELAY_MIN = Duration.ofMillis(100);

    /** The longest delay of an answer: what waits holds a connection. */
    static final Duration FAILURE_DELAY_MAX = Duration.ofSeconds(1);

    /** How long an address with too many failures is refused; also how long failures are remembered. */
    static final Duration FAILURE_BLOCK = Duration.ofMinutes(1);

    /** Answers that are delayed at one time, of all addresses together; beyond it failures are refused at once. */
    static final int FAILURES_WAITING_MAX = 50;

    /** Addresses whose failures are remembered; beyond it the one that failed longest ago is forgotten. */
    static final int FAILURE_ADDRESSES_MAX = 10_000;

    /** Failures of one address are logged so often at most. */
    static final Duration FAILURE_LOG_EVERY = Duration.ofSeconds(10);

    /** Rows about failures within {@link #FAILURE_LOG_EVERY}, whatever their addresses: a log must not fill. */
    static final int FAILURE_LOG_ROWS_MAX = 10;

    private AccessLimits() {}
}
