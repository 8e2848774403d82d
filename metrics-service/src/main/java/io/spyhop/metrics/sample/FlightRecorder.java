package io.spyhop.metrics.sample;

import io.spyhop.contracts.metric.Usage;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last minutes of a life in fine steps, kept as numbers: 80 bytes an entry, 12 KiB an instance once it is full, and less
 * for a life that is younger. Confined to its meter.
 */
final class FlightRecorder {
    private static final int AT = 0;
    private static final int CPU = 1;
    private static final int MEMORY = 2;
    private static final int LIMIT = 3;
    private static final int RX = 4;
    private static final int TX = 5;
    private static final int READ = 6;
    private static final int WRITTEN = 7;
    private static final int PIDS = 8;
    private static final int WALL_MILLIS = 9;
    private static final int WIDTH = 10;
    private static final int FIRST_ENTRIES = 10;

    private final int entriesMax;
    private long[] numbers = new long[FIRST_ENTRIES * WIDTH];
    private long hostBytes;
    private int next;
    private int size;

    FlightRecorder(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    /** Adds a reading; the oldest goes where there are too many. */
    void add(Reading reading) {
        if (size == numbers.length / WIDTH && size < entriesMax) {
            // It has not turned round yet: entries are in order.
            numbers = Arrays.copyOf(numbers, Math.min(2 * size, entriesMax) * WIDTH);
            next = size;
        }
        int capacity = numbers.length / WIDTH;
        Counters counters = reading.counters();
        Network network = counters.network();
        Block block = counters.block();
        int at = next * WIDTH;
        numbers[at + AT] = counters.atNanos();
        numbers[at + CPU] = counters.cpu().usedNanos();
        numbers[at + MEMORY] = counters.memory().workingSetBytes();
        numbers[at + LIMIT] = counters.memory().limitBytes();
        numbers[at + RX] = network == null ? Counters.UNKNOWN : network.rxBytes();
        numbers[at + TX] = network == null ? Counters.UNKNOWN : network.txBytes();
        numbers[at + READ] = block == null ? Counters.UNKNOWN : block.readBytes();
        numbers[at + WRITTEN] = block == null ? Counters.UNKNOWN : block.writeBytes();
        numbers[at + PIDS] = counters.pids();
        numbers[at + WALL_MILLIS] = reading.at().toEpochMilli();
        hostBytes = counters.memory().hostBytes();
        next = (next + 1) % capacity;
        size = Math.min(size + 1, capacity);
    }

    /** What was used from one entry to the next, oldest first. */
    List<Usage> usages() {
        List<Usage> usages = new ArrayList<>(size);
        Reading before = null;
        for (int i = 0; i < size; i++) {
            Reading now = entry(i);
            // The first of many is there to be compared with.
            if (before != null || size < entriesMax) {
                usages.add(Usages.of(before, now));
            }
            before = now;
        }
        return usages;
    }

    private Reading entry(int index) {
        int capacity = numbers.length / WIDTH;
        int at = (next - size + index + capacity) % capacity * WIDTH;
        long unknown = Counters.UNKNOWN;
        Counters counters = new Counters(
                numbers[at + AT],
                new Cpu(numbers[at + CPU], unknown, unknown, unknown, unknown, unknown, unknown),
                new Memory(numbers[at + MEMORY], 0, unknown, unknown, numbers[at + LIMIT], hostBytes, unknown),
                network(at),
                numbers[at + READ] == unknown ? null : new Block(numbers[at + READ], numbers[at + WRITTEN]),
                numbers[at + PIDS]);
        return new Reading(counters, Instant.ofEpochMilli(numbers[at + WALL_MILLIS]));
    }

    private @Nullable Network network(int at) {
        long unknown = Counters.UNKNOWN;
        return numbers[at + RX] == unknown
                ? null
                : new Network(numbers[at + RX], unknown, unknown, unknown, numbers[at + TX], unknown, unknown, unknown);
    }
}
