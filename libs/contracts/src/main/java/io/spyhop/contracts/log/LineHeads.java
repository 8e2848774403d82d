package io.spyhop.contracts.log;

/** What stands before the messages of rows, where it is kept apart from them. Rows are counted from 0. Thread-safe. */
public interface LineHeads {
    /** How many rows there are. */
    int count();

    /** The row's time, nanoseconds since the epoch. */
    long atNanos(int row);

    /** Whether the row is of this stream, by its name in ASCII. */
    boolean hasStream(int row, byte[] stream);

    /** Whether the row has this level, in ASCII. */
    boolean hasLevel(int row, byte[] level);
}
