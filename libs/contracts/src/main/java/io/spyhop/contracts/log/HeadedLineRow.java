package io.spyhop.contracts.log;

/** A row whose head is kept apart: here it begins with its message. Not thread-safe. */
final class HeadedLineRow extends LineRow {
    private final LineHeads heads;
    private final int[] starts;
    private int index;

    /**
     * Before one of the rows.
     *
     * @param starts where they begin in the texts
     */
    HeadedLineRow(LineHeads heads, byte[] texts, int[] starts, int index) {
        super(texts);
        this.heads = heads;
        this.starts = starts;
        this.index = index - 1;
    }

    @Override
    public boolean move(int from, int to) {
        do {
            index++;
        } while (starts[index] < from);
        moveToMessage(from, to);
        return true;
    }

    @Override
    boolean hasStream(byte[] wanted) {
        return heads.hasStream(index, wanted);
    }

    @Override
    boolean hasLevel(byte[] wanted) {
        return heads.hasLevel(index, wanted);
    }

    @Override
    public long atNanos() {
        return heads.atNanos(index);
    }
}
