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
}
