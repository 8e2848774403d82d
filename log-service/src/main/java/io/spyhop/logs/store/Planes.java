package io.spyhop.logs.store;

/**
 * Numbers by how they differ from the one before: first the lowest byte of each difference, then the next one of each, as far as
 * any of them has one. Beside each other, bytes of one place are alike, and compress.
 */
final class Planes {
    private Planes() {}

    /**
     * How many bytes the largest difference takes; 0 where all are as expected.
     *
     * @param step how much more than the one before each is expected to be
     */
    static int count(long[] values, long step) {
        long all = 0;
        for (int i = 1; i < values.length; i++) {
            all |= difference(values, i, step);
        }
        return (Long.SIZE - Long.numberOfLeadingZeros(all) + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Writes all but the first one; where that ends. */
    static int write(byte[] out, int from, long[] values, long step, int planes) {
        int at = from;
        for (int shift = 0; shift < planes * Byte.SIZE; shift += Byte.SIZE) {
            for (int i = 1; i < values.length; i++) {
                out[at++] = (byte) (difference(values, i, step) >>> shift);
            }
        }
        return at;
    }

    /** Reads so many, of which the first one is known. */
    static long[] read(byte[] in, int from, int count, long first, long step, int planes) {
        long[] values = new long[count];
        int at = from;
        for (int shift = 0; shift < planes * Byte.SIZE; shift += Byte.SIZE) {
            for (int i = 1; i < count; i++) {
                values[i] |= (in[at++] & 0xffL) << shift;
            }
        }
        values[0] = first;
        for (int i = 1; i < count; i++) {
            values[i] = values[i - 1] + step + ((values[i] >>> 1) ^ -(values[i] & 1));
        }
        return values;
    }

    /** Small ones of either sign become small ones without. */
    private static long difference(long[] values, int i, long step) {
        long difference = values[i] - values[i - 1] - step;
        return (difference << 1) ^ (difference >> (Long.SIZE - 1));
    }
}
