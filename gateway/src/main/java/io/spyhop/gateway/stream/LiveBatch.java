package io.spyhop.gateway.stream;

import com.github.luben.zstd.Zstd;
import io.spyhop.contracts.log.LineBatch;
import org.jspecify.annotations.Nullable;

/**
 * Lines without a hole, as they just arrived or were read of the store, shared by all subscribers of their workload. Immutable.
 *
 * @param block null where the batch was too large to be published
 */
record LiveBatch(
        long firstLine, long lastLine, int weight, @Nullable Block block) {
    /** What framing adds to a line at most, so that limits count what will be written. */
    private static final int FRAME_BYTES = 32;

    /** A batch of more is not decompressed here: a batch is made of 64 KiB, or of one very long line. */
    private static final int RAW_BYTES_MAX = 16 * 1024 * 1024;

    /** A batch as it came, for many subscribers or few. */
    static LiveBatch of(LineBatch batch, boolean forMany) {
        byte[] payload = batch.payload();
        int weight = weight(batch.rawBytes(), batch.count());
        Block block = payload == null || batch.rawBytes() < 0 || batch.rawBytes() > RAW_BYTES_MAX
                ? null
                : new Block(
                        batch.count(), batch.firstLine(), () -> Zstd.decompress(payload, batch.rawBytes()), forMany);
        return new LiveBatch(batch.firstLine(), batch.lastLine(), weight, block);
    }

    /** About how many bytes lines have when they are rendered. */
    static int weight(int rawBytes, long count) {
        return Math.clamp(rawBytes + FRAME_BYTES * count, 1, Integer.MAX_VALUE);
    }

    int count() {
        return (int) (lastLine - firstLine + 1);
    }
}
