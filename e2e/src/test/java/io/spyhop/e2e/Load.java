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
 * Containers that write numbers as long as tests want, each followed from its first line on. Between and at the end everything
 * must have been stored and delivered once and in order. Not thread-safe.
 */
final class Load implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Hundreds of numbers and some errors a second, until a file says that it is enough. */
    private static final String WRITER = "i=0; while [ ! -f /enough ]; do i=$((i+1)); seq $((i*10-9)) $((i*10));"
            + " echo e-$i >&2; usleep 50000; done; echo end-$i; exec sleep 600";

    /** In so many of the last lines is one of the standard output: an engine that is late has a stream after the other. */
    private static final String LAST = "40";

    private final Api api;
    private final Containers containers;
    private final List<Writer> writers = new ArrayList<>();

    private Load(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    /** One writing container and its follower. */
    private record Writer(Container container, String id, Arrivals arrivals, SseClient follower, Checked checked) {}

    /** What of a writer's was found to be right. */
    private static final class Checked {
        private long lines;
        private int numbers;
        private int errors;
        private final List<String> system = new ArrayList<>();
    }

    /** Keeps the lines, and how long nothing came. */
    private static final class Arrivals implements Consumer<Line> {
        private List<Line> lines = new ArrayList<>();
        private long lastAt = System.nanoTime();
        private long pauseMax;

        @Override
        public synchronized void accept(Line line) {
            long now = System.nanoTime();
            pauseMax = Math.max(pauseMax, now - lastAt);
            lastAt = now;
            lines.add(line);
        }

        /** What came since this was asked before. */
        synchronized List<Line> take() {
            List<Line> taken = lines;
            lines = new ArrayList<>();
            return taken;
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
                    SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", arrivals),
                    new Checked()));
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

    /** Checks that every line that came by now was stored and delivered once, in order. */
    void check() {
        awaitFlow();
        for (Writer writer : writers) {
            assertThat(check(writer)).as("after its last number").isEmpty();
        }
    }

    /** Gives what is no number on the standard output. */
    private List<String> check(Writer writer) {
        Checked before = writer.checked();
        List<Line> delivered = writer.arrivals().take();
        assertThat(stored(writer, delivered.size())).isEqualTo(delivered);
        before.lines += delivered.size();
        before.system.addAll(Line.messages(delivered, "system"));
        assertThat(before.system).containsExactly("worker started");
        List<String> errors = Line.messages(delivered, "stderr");
        assertThat(errors)
                .isEqualTo(FirstPathST.numbers(before.errors + 1, before.errors + errors.size()).stream()
                        .map(n -> "e-" + n)
                        .toList());
        before.errors += errors.size();
        List<String> output = Line.messages(delivered, "stdout");
        List<String> numbers =
                output.stream().takeWhile(line -> line.matches("[0-9]+")).toList();
        assertThat(numbers).isEqualTo(FirstPathST.numbers(before.numbers + 1, before.numbers + numbers.size()));
        before.numbers += numbers.size();
        return output.subList(numbers.size(), output.size());
    }

    /** So many lines after those that were checked. */
    private List<Line> stored(Writer writer, int count) {
        List<Line> lines = new ArrayList<>();
        long cursor = writer.checked().lines;
        while (lines.size() < count) {
            Api.Page page = api.page(
                    Api.address(writer.id()), "since=" + cursor + "&limit=" + Math.min(Api.PAGE, count - lines.size()));
            assertThat(page.through()).as("through moves on").isGreaterThan(cursor);
            cursor = page.through();
            lines.addAll(page.items());
        }
        return lines;
    }

    /** Ends the writing, waits for the last lines and checks that each was stored and delivered once, in order. */
    void finish() {
        writers.parallelStream().forEach(writer -> containers.touch(writer.container(), "/enough"));
        for (Writer writer : writers) {
            int ticks = finalTicks(writer);
            long last = ticks * 11L + 2;
            writer.follower().awaitLine(last, LONG);
            assertThat(check(writer)).containsExactly("end-" + ticks);
            assertThat(writer.checked().numbers).isEqualTo(ticks * 10);
            assertThat(writer.checked().errors).isEqualTo(ticks);
            assertThat(writer.checked().lines).isEqualTo(last).isEqualTo(api.last(writer.id()));
        }
    }

    /** How often a container has written so far, by what the engine has of it. */
    private int written(Writer writer) {
        List<String> numbers = containers
                .docker("logs", "--tail", LAST, writer.container().id())
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
                                "logs", "--tail", LAST, writer.container().id()),
                        tail -> tail.contains("end-"))
                .replaceAll("(?s).*end-([0-9]+).*", "$1"));
    }

    @Override
    public void close() {
        writers.forEach(writer -> writer.follower().close());
        writers.parallelStream().forEach(writer -> containers.remove(writer.container()));
    }
}
