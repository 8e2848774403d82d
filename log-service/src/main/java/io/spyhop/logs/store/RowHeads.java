package io.spyhop.logs.store;

import io.spyhop.contracts.log.LineHeads;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.logs.number.LineBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stands before the messages of a chunk's rows, as columns: numbers, times, and kinds (stream and level). Immutable by
 * agreement.
 *
 * @param kindOf which of the kinds each row is of
 */
@SuppressWarnings("ArrayRecordComponent")
record RowHeads(long[] numbers, long[] times, byte[] kindOf, List<RowKind> kinds) implements LineHeads {
    /** How many rows there are, the first number and time, and how many kinds and planes. */
    private static final int FIRST_BYTES = Integer.BYTES + 2 * Long.BYTES + 3;

    /** Numbers rise by one, times by anything. */
    private static final long NUMBER_STEP = 1;

    private static final long TIME_STEP = 0;

    /** As bytes, to be compressed. */
    byte[] toBytes() {
        int numberPlanes = Planes.count(numbers, NUMBER_STEP);
        int timePlanes = Planes.count(times, TIME_STEP);
        int kindsLength =
                kinds.stream().mapToInt(kind -> kind.text().length + 1).sum();
        int columnsLength = count() + (numberPlanes + timePlanes) * (count() - 1);
        ByteBuffer out = ByteBuffer.allocate(FIRST_BYTES + kindsLength + columnsLength);
        out.putInt(count()).putLong(numbers[0]).putLong(times[0]);
        out.put((byte) kinds.size()).put((byte) numberPlanes).put((byte) timePlanes);
        kinds.forEach(kind -> out.put(kind.text()).put((byte) '\n'));
        out.put(kindOf);
        int end = Planes.write(out.array(), out.position(), numbers, NUMBER_STEP, numberPlanes);
        Planes.write(out.array(), end, times, TIME_STEP, timePlanes);
        return out.array();
    }

    static RowHeads of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int count = in.getInt();
        long firstNumber = in.getLong();
        long firstTime = in.getLong();
        int kindCount = in.get();
        int numberPlanes = in.get();
        int timePlanes = in.get();
        List<RowKind> kinds = new ArrayList<>(kindCount);
        while (kinds.size() < kindCount) {
            int end = LineMatcher.rowEnd(bytes, in.position(), bytes.length);
            kinds.add(RowKind.of(Arrays.copyOfRange(bytes, in.position(), end)));
            in.position(end + 1);
        }
        byte[] kindOf = new byte[count];
        in.get(kindOf);
        int planes = in.position();
        long[] numbers = Planes.read(bytes, planes, count, firstNumber, NUMBER_STEP, numberPlanes);
        planes += numberPlanes * (count - 1);
        long[] times = Planes.read(bytes, planes, count, firstTime, TIME_STEP, timePlanes);
        return new RowHeads(numbers, times, kindOf, kinds);
    }

    /** Writes the row up to its message. */
    void put(LineBuffer out, int row) {
        out.put(Rows.NUMBER)
                .putNumber(numbers[row])
                .put(Rows.AT)
                .putTime(times[row])
                .put(kind(row).text());
    }

    @Override
    public int count() {
        return numbers.length;
    }

    @Override
    public long atNanos(int row) {
        return times[row];
    }

    @Override
    public boolean hasStream(int row, byte[] stream) {
        return kind(row).hasStream(stream);
    }

    @Override
    public boolean hasLevel(int row, byte[] level) {
        return kind(row).hasLevel(level);
    }

    private RowKind kind(int row) {
        return kinds.get(kindOf[row]);
    }
}
