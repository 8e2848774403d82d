package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Containers that write numbers as long as a test wants, each followed from its first line on. At the end everything must
 * have been stored and delivered once and in order. Not thread-safe.
 */
final class Load implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Hundreds of numbers and dozens of errors a second, until a file says that it is enough. */
    private static final String WRITER = "i=0; while [ ! -f /enough ]; do i=$((i+1)); seq $((i*10-9)) $((i*10));"
            + " echo e-$i >&2; usleep 20000; done; echo end-$i; exec sleep 600";

    private final Api api;
    private final Containers containers;
    private final List<Writer> writers = new ArrayList<>();

    private Load(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    /** One writing container and its follower. */
    private record Writer(Container container, String id, Arrivals arrivals, SseClient follower) {}

    /** Keeps the lines, and how long nothing came. */
    private static final class Arrivals implements Consumer<Line> {
        private final SseClient.Collected lines = new SseClient.Collected();
        private long lastAt = System.nanoTime();
        private long pauseMax;

        @Override
        public synchronized void accept(Line line) {
            long now = System.nanoTime();
            pauseMax = Math.max(pauseMax, now - lastAt);
            lastAt = now;
            lines.accept(line);
        }

        synchronized void forgetPauses() {
            lastAt = System.nanoTime();
            pauseMax = 0;
        }

        synchronized Duration pauseMax() {
            return Duration.ofNanos(Math.max(pauseMax, System.nanoTime() - lastAt));
        }

        synchronized Duration silence() {
            return Duration.ofNanos(System.nanoTime() - lastAt);
        }
    }

    /** Starts containers that write, and follows each. */
    static Load start(Api api, Containers containers, String suffix, int count) {
        Load load = new Load(api, containers);
        List<Container> started = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> containers.shell(suffix + i, WRITER, "--cpus", "0.1"))
                .toList();
        for (Container container : started) {
            String id = api.awaitWorkload(container.name());
            Arrivals arrivals = new Arrivals();
            load.writers.add(new Writer(
                    container,
                    id,
                    arrivals,
                    SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", arrivals)));
        }
        load.awaitFlow();
        load.writers.forEach(writer -> writer.arrivals().forgetPauses());
        return load;
    }

    /** Waits until every follower gets lines, and has got what was written before this call. */
    void awaitFlow() {
        List<Integer> before = writers.parallelStream().map(this::written).toList();
        for (int i = 0; i < writers.size(); i++) {
            Writer writer = writers.get(i);
            int ticks = before.get(i);
            await("what was written by " + writer.container().name())
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> {
                        assertThat(writer.follower().received()).isGreaterThanOrEqualTo(ticks * 11L);
                        assertThat(writer.arrivals().silence()).isLessThan(Duration.ofSeconds(2));
                    });
        }
    }

    /** The longest time for which one of the followers got nothing, since the start or the last fault. */
    Duration pauseMax() {
        Duration longest = writers.stream()
                .map(writer -> writer.arrivals().pauseMax())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        writers.forEach(writer -> writer.arrivals().forgetPauses());
        return longest;
    }

    /** Ends the writing, waits for the last lines and checks that each was stored and delivered once, in order. */
    void finish() {
        writers.parallelStream()
                .forEach(writer -> containers.docker("exec", writer.container().id(), "touch", "/enough"));
        for (Writer writer : writers) {
            int ticks = finalTicks(writer);
            long last = ticks * 11L + 2;
            writer.follower().awaitLine(last, LONG);
            List<Line> lines = api.lines(writer.id());
            List<String> expected = new ArrayList<>(FirstPathST.numbers(1, ticks * 10));
            expected.add("end-" + ticks);
            assertThat(Line.messages(lines, "stdout")).isEqualTo(expected);
            assertThat(Line.messages(lines, "stderr"))
                    .isEqualTo(FirstPathST.numbers(1, ticks).stream()
                            .map(n -> "e-" + n)
                            .toList());
            assertThat(Line.messages(lines, "system")).containsExactly("worker started");
            assertThat(writer.arrivals().lines.lines()).isEqualTo(lines);
        }
    }

    /** How often a container has written so far, by what the engine has of it. */
    private int written(Writer writer) {
        List<String> numbers = containers
                .docker("logs", "--tail", "40", writer.container().id())
                .lines()
                .filter(line -> line.matches("[0-9]+"))
                .toList();
        return numbers.isEmpty() ? 0 : Integer.parseInt(numbers.getLast()) / 10 - 1;
    }

    private int finalTicks(Writer writer) {
        return Integer.parseInt(await("the end of " + writer.container().name())
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> containers.docker(
                                "logs", "--tail", "2", writer.container().id()),
                        tail -> tail.contains("end-"))
                .replaceAll("(?s).*end-([0-9]+).*", "$1"));
    }

    @Override
    public void close() {
        writers.forEach(writer -> writer.follower().close());
        writers.parallelStream().forEach(writer -> containers.remove(writer.container()));
    }
}
