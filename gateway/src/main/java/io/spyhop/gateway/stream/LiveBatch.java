package io.spyhop.gateway.stream;

import com.github.luben.zstd.Zstd;
import io.spyhop.contracts.log.LineBatch;
import org.jspecify.annotations.Nullable;

/**
 * A batch that just arrived, shared by all subscribers of its workload. Immutable.
 *
 * @param block null where the batch was too large to be published
 */
record LiveBatch(
        long firstLine, long lastLine, int weight, @Nullable Block block) {
    /** What framing adds to a line at most, so that a queue's limit counts what will be written. */
    private static final int FRAME_BYTES = 32;

    /** A batch of more is not decompressed here: a batch is made of 64 KiB, or of one very long line. */
    private static final int RAW_BYTES_MAX = 16 * 1024 * 1024;

    static LiveBatch of(LineBatch batch) {
        byte[] payload = batch.payload();
        int weight = (int) Math.min(Integer.MAX_VALUE, batch.rawBytes() + (long) FRAME_BYTES * batch.count());
        Block block = payload == null || batch.rawBytes() < 0 || batch.rawBytes() > RAW_BYTES_MAX
                ? null
                : new Block(batch.count(), batch.firstLine(), () -> Zstd.decompress(payload, batch.rawBytes()));
        return new LiveBatch(batch.firstLine(), batch.lastLine(), Math.max(weight, 1), block);
    }

    int count() {
        return (int) (lastLine - firstLine + 1);
    }
}
