package io.spyhop.benchmarks;

import java.time.Duration;

/**
 * How much is measured. {@code SPYHOP_BENCH_ROUNDS}, {@code SPYHOP_BENCH_LINES}, {@code SPYHOP_BENCH_SECONDS},
 * {@code SPYHOP_BENCH_LIVE_SECONDS}, {@code SPYHOP_BENCH_STORE_LINES} and {@code SPYHOP_BENCH_IDLE_SECONDS} make a run shorter while the benchmark itself is worked on; published figures use the
 * defaults.
 *
 * @param rounds how often each thing is measured
 * @param lines lines of the container that is captured
 * @param storeLines lines of the container that is searched, about 150 bytes each
 * @param live how long a container writes that is watched live
 * @param latency how long latency or a fan-out is measured in a round
 * @param idle how long Spyhop rests before its idle memory is read
 */
record Rounds(int rounds, int lines, int storeLines, Duration live, Duration latency, Duration idle) {
    static Rounds fromEnvironment() {
        return new Rounds(
                number("SPYHOP_BENCH_ROUNDS", 5),
                number("SPYHOP_BENCH_LINES", 2_000_000),
                number("SPYHOP_BENCH_STORE_LINES", 16_000_000),
                Duration.ofSeconds(number("SPYHOP_BENCH_LIVE_SECONDS", 60)),
                Duration.ofSeconds(number("SPYHOP_BENCH_SECONDS", 10)),
                Duration.ofSeconds(number("SPYHOP_BENCH_IDLE_SECONDS", 30)));
    }

    private static int number(String name, int otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
