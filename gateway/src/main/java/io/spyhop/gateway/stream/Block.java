package io.spyhop.gateway.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines as they were stored, decompressed when the first reader needs them and rendered once a format. Thread-safe. The
 * topic's thread never pays for either.
 */
final class Block {
    private final int count;
    private final long firstLine;
    private final Map<Rendering, Lines> rendered = new EnumMap<>(Rendering.class);
    private @Nullable Supplier<byte[]> source;
    private byte @Nullable [] ndjson;

    /** Lines of which the first has this number where the rows do not tell. */
    Block(int count, long firstLine, Supplier<byte[]> source) {
        this.count = count;
        this.firstLine = firstLine;
        this.source = source;
    }

    int count() {
        return count;
    }

    long firstLine() {
        return firstLine;
    }

    /** The lines in a format. */
    synchronized Lines as(Rendering rendering) {
        Lines lines = rendered.get(rendering);
        if (lines == null) {
            lines = rendering.render(ndjson(), count, firstLine);
            rendered.put(rendering, lines);
        }
        return lines;
    }

    /** The rows. */
    synchronized byte[] ndjson() {
        byte[] bytes = ndjson;
        if (bytes == null) {
            bytes = source == null ? new byte[0] : source.get();
            ndjson = bytes;
            source = null;
        }
        return bytes;
    }
}
