package io.spyhop.gateway.stream;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Rendered lines, shared by all that read them. Immutable by agreement. Ascending by number. */
final class Lines {
    private final Buffer bytes;
    private final long[] numbers;
    private final int[] ends;

    Lines(Buffer bytes, long[] numbers, int[] ends) {
        this.bytes = bytes;
        this.numbers = numbers;
        this.ends = ends;
    }

    int count() {
        return numbers.length;
    }

    long number(int index) {
        return numbers[index];
    }

    /** The first line above a number; {@link #count} where there is none. */
    int indexAfter(long number) {
        int found = Arrays.binarySearch(numbers, number);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** Where the bytes of a line begin; the end of all bytes for {@link #count}. */
    int offset(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** The bytes between two offsets, not copied. */
    Buffer slice(int from, int to) {
        return bytes.slice(from, to);
    }

    /** The first line that does not fit when a slice of at most so many bytes begins with this one; at least the next. */
    int sliceEnd(int index, int bytesMax) {
        int found = Arrays.binarySearch(ends, index, ends.length, offset(index) + bytesMax);
        int fitting = found >= 0 ? found + 1 : -found - 1;
        return Math.max(fitting, index + 1);
    }
}
