package io.spyhop.gateway.logs;

import java.time.Duration;

/** The limits of what is asked of stored lines. */
final class LogsLimits {
    /** Lines of a page where nothing is said. */
    static final int LIMIT = 100;

    /** How long a page is looked for: the store answers in parts, and a client waits no longer for a half-empty one. */
    static final Duration PAGE = Duration.ofSeconds(5);

    /** Downloads of this process at once: each holds some pages in memory, and keeps the store busy. */
    static final int DOWNLOADS_MAX = 8;

    /** Downloads of one token at once: some for a person with several windows, and some places left for two others. */
    static final int DOWNLOADS_TOKEN_MAX = 3;

    /** A client that takes nothing for so long has forgotten its download, and keeps a place from others. */
    static final Duration DOWNLOAD_STALL = Duration.ofMinutes(1);

    /** Lines of a page of a download: of usual ones it has some hundred kilobytes. */
    static final int DOWNLOAD_LINES = 2000;

    /** One write of a download. */
    static final int SLICE_BYTES = 64 * 1024;

    private LogsLimits() {}
}
