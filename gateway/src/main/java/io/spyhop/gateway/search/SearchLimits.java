package io.spyhop.gateway.search;

import io.spyhop.contracts.log.LogsApi;
import java.time.Duration;

/** The limits of searches. */
final class SearchLimits {
    /** Rows where nothing is said. */
    static final int ROWS = 100;

    /** The most rows. */
    static final int ROWS_MAX = LogsApi.PAGE_LINES_MAX;

    /** What the rows of one answer may have: the longest lines are a megabyte. */
    static final int ROWS_BYTES_MAX = 8 * 1024 * 1024;

    /** How far back it looks where nothing is said. */
    static final Duration SINCE = Duration.ofHours(24);

    /** How long an answer in one piece may take; one that streams goes on to its end. */
    static final Duration ANSWER = Duration.ofSeconds(10);

    /** Buckets of a histogram where nothing is said. */
    static final int BUCKETS = 60;

    /** Workloads that may be named: each is looked up by itself. */
    static final int WORKLOADS_NAMED_MAX = 200;

    private SearchLimits() {}
}
