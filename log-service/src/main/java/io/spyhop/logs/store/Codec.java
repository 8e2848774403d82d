package io.spyhop.logs.store;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;

/** How payloads are compressed; the number is stored with each chunk. */
public final class Codec {
    /** Zstandard, one frame. */
    public static final short ZSTD = 1;

    /** The same of rows taken apart: see {@link RowColumns}. */
    public static final short COLUMNS = 2;

    private Codec() {}

    /** The rows of a chunk. */
    public static byte[] decompress(short codec, byte[] payload, int rawBytes) {
        return switch (codec) {
            case ZSTD -> {
                byte[] ndjson = new byte[rawBytes];
                inflate(payload, 0, payload.length, ndjson, rawBytes);
                yield ndjson;
            }
            case COLUMNS -> RowColumns.unpack(payload).joined(rawBytes);
            default -> throw unknown(codec);
        };
    }

    /** For a chunk that a newer version stored. */
    public static IllegalStateException unknown(short codec) {
        return new IllegalStateException("a chunk has the unknown codec " + codec);
    }

    /** Compresses the first bytes to a frame. */
    public static byte[] deflate(byte[] bytes, int length, int level) {
        byte[] bound = new byte[Math.toIntExact(Zstd.compressBound(length))];
        long deflated = Zstd.compressByteArray(bound, 0, bound.length, bytes, 0, length, level);
        if (Zstd.isError(deflated)) {
            throw new IllegalStateException("a chunk cannot be compressed: " + Zstd.getErrorName(deflated));
        }
        return Arrays.copyOf(bound, (int) deflated);
    }

    /** Decompresses a frame to the beginning of a room, which may be larger. */
    public static void inflate(byte[] payload, int from, int length, byte[] room, int rawBytes) {
        long inflated = Zstd.decompressByteArray(room, 0, rawBytes, payload, from, length);
        if (inflated != rawBytes) {
            throw new IllegalStateException("a chunk cannot be decompressed: "
                    + (Zstd.isError(inflated) ? Zstd.getErrorName(inflated) : "it has another length"));
        }
    }
}
