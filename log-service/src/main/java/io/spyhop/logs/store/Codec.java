package io.spyhop.logs.store;

import com.github.luben.zstd.Zstd;

/** How payloads are compressed; the number is stored with each chunk. */
public final class Codec {
    /** Zstandard, one frame. */
    public static final short ZSTD = 1;

    private Codec() {}

    /** The rows of a chunk. */
    public static byte[] decompress(short codec, byte[] payload, int rawBytes) {
        if (codec != ZSTD) {
            throw new IllegalStateException("a chunk has the unknown codec " + codec);
        }
        return Zstd.decompress(payload, rawBytes);
    }

    /**
     * The rows of a chunk, put at the beginning of a room that may be larger.
     *
     * @param rawBytes how long they are
     */
    public static void decompress(short codec, byte[] payload, byte[] room, int rawBytes) {
        if (codec != ZSTD) {
            throw new IllegalStateException("a chunk has the unknown codec " + codec);
        }
        long length = Zstd.decompressByteArray(room, 0, rawBytes, payload, 0, payload.length);
        if (length != rawBytes) {
            throw new IllegalStateException("a chunk cannot be decompressed: "
                    + (Zstd.isError(length) ? Zstd.getErrorName(length) : "it has another length"));
        }
    }
}
