package io.spyhop.gateway.stream;

import java.lang.ref.WeakReference;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines as they were stored, decompressed when the first reader needs them and rendered once a format. What was made of them
 * lives no longer than somebody writes it, or until the next collection: blocks are kept for seconds, and what is kept so
 * long fills the part of the heap whose collection stops everybody. Whoever comes later has it made again; only for a crowd it is held. Thread-safe. The
 * topic's thread never pays for either.
 */
final class Block {
    private final int count;
    private final long firstLine;
    private final Supplier<byte[]> source;
    private final Map<Rendering, WeakReference<Lines>> rendered = new EnumMap<>(Rendering.class);
    private @Nullable WeakReference<byte[]> ndjson;

    /** For a crowd: what would be made again for each of them. */
    private final @Nullable Map<Rendering, Lines> held;

    /**
     * Lines of which the first has this number where the rows do not tell.
     *
     * @param source may be asked several times
     * @param forMany whether what is made of them is held for as long as this is
     */
    Block(int count, long firstLine, Supplier<byte[]> source, boolean forMany) {
        this.count = count;
        this.firstLine = firstLine;
        this.source = source;
        this.held = forMany ? new EnumMap<>(Rendering.class) : null;
    }

    int count() {
        return count;
    }

    long firstLine() {
        return firstLine;
    }

    /** The lines in a format. */
    synchronized Lines as(Rendering rendering) {
        WeakReference<Lines> known = rendered.get(rendering);
        Lines lines = known == null ? null : known.get();
        if (lines == null) {
            lines = rendering.render(ndjson(), count, firstLine);
            rendered.put(rendering, new WeakReference<>(lines));
            if (held != null) {
                held.put(rendering, lines);
            }
        }
        return lines;
    }

    /** The rows. */
    synchronized byte[] ndjson() {
        byte[] bytes = ndjson == null ? null : ndjson.get();
        if (bytes == null) {
            bytes = source.get();
            ndjson = new WeakReference<>(bytes);
        }
        return bytes;
    }
}
