package io.spyhop.engine;

/** Turns the engine's log bytes into lines. */
final class LogFrameDecoder {
    /** The longest line that is kept whole: 1 MiB; a longer one is handed over in pieces marked partial. */
    static final int LINE_BYTES_MAX = 1024 * 1024;

    private LogFrameDecoder() {}
}
