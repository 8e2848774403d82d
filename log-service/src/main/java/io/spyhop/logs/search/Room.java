package io.spyhop.logs.search;

/**
 * Room for the rows of one chunk after the other. Each thread that looks through chunks keeps its own: half a megabyte anew for
 * every chunk would cost as much as looking through it.
 */
final class Room {
    /** What a thread keeps; the rare chunk of very long lines gets more for once. */
    private static final int KEPT_BYTES = 2 * 1024 * 1024;

    private static final ThreadLocal<byte[]> KEPT = ThreadLocal.withInitial(() -> new byte[0]);

    private Room() {}

    /** At least so many bytes, until this thread asks again. */
    static byte[] of(int bytes) {
        byte[] room = KEPT.get();
        if (room.length < bytes) {
            room = new byte[bytes];
            if (bytes <= KEPT_BYTES) {
                KEPT.set(room);
            }
        }
        return room;
    }
}
