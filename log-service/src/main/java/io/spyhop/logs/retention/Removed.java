package io.spyhop.logs.retention;

/** What was removed: chunks, their lines, their stored bytes. Immutable. */
record Removed(long chunks, long lines, long bytes) {
    static final Removed NOTHING = new Removed(0, 0, 0);

    Removed plus(Removed other) {
        return new Removed(chunks + other.chunks, lines + other.lines, bytes + other.bytes);
    }
}
