package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LineCursor;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.Parameters;
import java.util.Arrays;

/**
 * Which lines one client wants, and how. Whoever wants all of them as they are gets what is rendered once for everybody;
 * for the others each batch is looked through. Immutable.
 */
public final class View {
    /** Every line as it is. */
    public static final View ALL = new View(LineFilter.ALL, false);

    private final LineFilter filter;
    private final LineMatcher matcher;
    private final boolean strip;

    /** Lines of a filter. */
    public View(LineFilter filter, boolean strip) {
        this.filter = filter;
        this.matcher = LineMatcher.of(filter);
        this.strip = strip;
    }

    /**
     * Reads the query of a request.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID}
     */
    public static View of(Parameters parameters) {
        LineFilter filter = LineParameters.filter(parameters);
        boolean strip = LineParameters.strip(parameters);
        return filter.isAll() && !strip ? ALL : new View(filter, strip);
    }

    /** What is wanted. */
    public LineFilter filter() {
        return filter;
    }

    /** Whether some lines are left out. */
    public boolean isFiltered() {
        return !filter.isAll();
    }

    /** Rows that the store has chosen, as this client wants them. */
    public byte[] shown(byte[] ndjson) {
        return strip ? Ansi.strip(ndjson) : ndjson;
    }

    /** Lines that the store has chosen, rendered. */
    Lines chosen(Block block, Rendering rendering) {
        return strip ? rendered(block.ndjson(), block.count(), block.firstLine(), rendering) : block.as(rendering);
    }

    /**
     * Those lines of a batch that are wanted.
     *
     * @throws IllegalStateException when the batch has not as many rows as it should
     */
    Lines wanted(Block block, Rendering rendering) {
        if (filter.isAll()) {
            return chosen(block, rendering);
        }
        byte[] ndjson = block.ndjson();
        byte[] out = new byte[ndjson.length];
        int length = 0;
        int rows = 0;
        int wanted = 0;
        for (int from = 0; from < ndjson.length; rows++) {
            from = Rows.end(ndjson, from) + 1;
        }
        for (LineCursor row = matcher.rows(ndjson, 0, ndjson.length); row.next(); wanted++) {
            int next = Math.min(row.to() + 1, ndjson.length);
            System.arraycopy(ndjson, row.from(), out, length, next - row.from());
            length += next - row.from();
        }
        if (rows != block.count()) {
            throw new IllegalStateException("a batch of " + block.count() + " lines has " + rows);
        }
        return rendered(Arrays.copyOf(out, length), wanted, block.firstLine(), rendering);
    }

    private Lines rendered(byte[] ndjson, int count, long firstLine, Rendering rendering) {
        return rendering.render(shown(ndjson), count, firstLine);
    }
}
