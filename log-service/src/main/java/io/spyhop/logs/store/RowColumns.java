package io.spyhop.logs.store;

import io.spyhop.contracts.log.LineCursor;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LineRow;
import io.spyhop.logs.number.LineBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a chunk taken apart: what stands before the messages becomes columns of numbers, the rest of each row, from its message
 * on, stays text. A hundred bytes of JSON a row become some few, so that less is stored, and a search unpacks and looks
 * through little but what was written. Put together again, rows are what they were, byte by byte. Immutable by agreement.
 *
 * <p>Packed they are three numbers of four bytes (how long the heads are, how long when compressed, how long the texts are), then a
 * Zstandard frame of the heads and one of the texts.
 */
public final class RowColumns {
    /** Kinds of rows, told by a byte: there are two or three, and as many as programs have levels. */
    private static final int KINDS_MAX = Byte.MAX_VALUE;

    private static final int LENGTHS_BYTES = 3 * Integer.BYTES;

    private final RowHeads heads;
    private final byte[] texts;
    private final int[] starts;

    private RowColumns(RowHeads heads, byte[] texts, int[] starts) {
        this.heads = heads;
        this.texts = texts;
        this.starts = starts;
    }

    /**
     * Takes rows apart; null where they are not all as they are rendered, or are of too many kinds.
     *
     * @param length how long they are
     * @param count how many they are
     */
    public static @Nullable RowColumns of(byte[] ndjson, int length, int count) {
        long[] numbers = new long[count];
        long[] times = new long[count];
        byte[] kindOf = new byte[count];
        List<RowKind> kinds = new ArrayList<>();
        byte[] texts = new byte[length];
        int[] starts = new int[count + 1];
        LineRow row = new LineRow(ndjson);
        int from = 0;
        for (int i = 0; i < count; i++) {
            int end = LineMatcher.rowEnd(ndjson, from, length);
            if (end == length || !row.move(from, end)) {
                return null;
            }
            numbers[i] = Rows.number(ndjson, from);
            times[i] = row.atNanos();
            int kind = kind(kinds, ndjson, row.timeEnd(), row.message());
            if (kind == KINDS_MAX) {
                return null;
            }
            kindOf[i] = (byte) kind;
            from = end + 1;
            starts[i + 1] = starts[i] + from - row.message();
            System.arraycopy(ndjson, row.message(), texts, starts[i], from - row.message());
        }
        RowColumns columns = new RowColumns(new RowHeads(numbers, times, kindOf, kinds), texts, starts);
        return columns.isSame(ndjson, length) ? columns : null;
    }

    private static int kind(List<RowKind> kinds, byte[] ndjson, int from, int to) {
        int kind = 0;
        while (kind < kinds.size() && !kinds.get(kind).isAt(ndjson, from, to)) {
            kind++;
        }
        if (kind == kinds.size() && kind < KINDS_MAX) {
            kinds.add(RowKind.of(Arrays.copyOfRange(ndjson, from, to)));
        }
        return kind;
    }

    /** Whatever would not come out of it again is found here, before it takes the place of rows that were stored. */
    private boolean isSame(byte[] ndjson, int length) {
        LineBuffer out = join(length);
        return Arrays.equals(out.array(), 0, out.length(), ndjson, 0, length);
    }

    /**
     * As they are stored.
     *
     * @param level of compression
     */
    public byte[] pack(int level) {
        byte[] bytes = heads.toBytes();
        byte[] packedHeads = Codec.deflate(bytes, bytes.length, level);
        byte[] packedTexts = Codec.deflate(texts, length(), level);
        return ByteBuffer.allocate(LENGTHS_BYTES + packedHeads.length + packedTexts.length)
                .putInt(bytes.length)
                .putInt(packedHeads.length)
                .putInt(length())
                .put(packedHeads)
                .put(packedTexts)
                .array();
    }

    /** Those that were stored. */
    static RowColumns unpack(byte[] payload) {
        return unpack(payload, unpackHeads(payload), byte[]::new);
    }

    /**
     * The same, for as much as is wanted.
     *
     * @param room gives room for texts: so many bytes, or more
     * @return null where the heads tell that no row is wanted
     */
    public static @Nullable RowColumns unpack(byte[] payload, LineMatcher matcher, IntFunction<byte[]> room) {
        RowHeads heads = unpackHeads(payload);
        return matcher.mayWant(heads) ? unpack(payload, heads, room) : null;
    }

    private static RowHeads unpackHeads(byte[] payload) {
        ByteBuffer lengths = ByteBuffer.wrap(payload);
        byte[] bytes = new byte[lengths.getInt()];
        Codec.inflate(payload, LENGTHS_BYTES, lengths.getInt(), bytes, bytes.length);
        return RowHeads.of(bytes);
    }

    private static RowColumns unpack(byte[] payload, RowHeads heads, IntFunction<byte[]> room) {
        ByteBuffer lengths = ByteBuffer.wrap(payload);
        int packedTexts = LENGTHS_BYTES + lengths.getInt(Integer.BYTES);
        int length = lengths.getInt(2 * Integer.BYTES);
        byte[] texts = room.apply(length);
        Codec.inflate(payload, packedTexts, payload.length - packedTexts, texts, length);
        int[] starts = new int[heads.count() + 1];
        for (int row = 0; row < heads.count(); row++) {
            starts[row + 1] = LineMatcher.rowEnd(texts, starts[row], length) + 1;
        }
        return new RowColumns(heads, texts, starts);
    }

    /** The same in a room of their own. */
    public RowColumns copy() {
        return new RowColumns(heads, Arrays.copyOf(texts, length()), starts);
    }

    /** What the rows have from their messages on, one after the other with their line feeds; more where the room is larger. */
    public byte[] texts() {
        return texts;
    }

    /** How long the texts are. */
    public int length() {
        return starts[heads.count()];
    }

    /** The rows that are wanted of those whose texts begin between two places. */
    public LineCursor rows(LineMatcher matcher, int from, int to) {
        return matcher.rows(heads, texts, starts, holding(from), holding(to));
    }

    /** Where the text begins of the first row with a number above this; where texts end if there is none. */
    public int above(long number) {
        int row = Arrays.binarySearch(heads.numbers(), number);
        return starts[row < 0 ? -row - 1 : row + 1];
    }

    /** The number of the row whose text begins here. */
    public long number(int place) {
        return heads.numbers()[holding(place)];
    }

    /** The row, with its line feed, whose text begins here. */
    public byte[] row(int place) {
        LineBuffer out = new LineBuffer();
        join(out, holding(place));
        return Arrays.copyOf(out.array(), out.length());
    }

    private int holding(int place) {
        return Arrays.binarySearch(starts, place);
    }

    /** All rows, put together, which are so long. */
    byte[] joined(int rawBytes) {
        LineBuffer out = join(rawBytes);
        if (out.length() != rawBytes || out.array().length != rawBytes) {
            throw new IllegalStateException("a chunk cannot be put together: it has another length");
        }
        return out.array();
    }

    private LineBuffer join(int expectedBytes) {
        LineBuffer out = new LineBuffer(new byte[expectedBytes]);
        for (int row = 0; row < heads.count(); row++) {
            join(out, row);
        }
        return out;
    }

    private void join(LineBuffer out, int row) {
        heads.put(out, row);
        out.put(texts, starts[row], starts[row + 1] - starts[row]);
    }
}
