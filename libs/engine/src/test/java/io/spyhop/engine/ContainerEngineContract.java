package io.spyhop.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every engine keeps to. Subclasses say how containers are made to do things. */
public abstract class ContainerEngineContract {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A line as it was handed over. */
    protected record Line(boolean stderr, long atNanos, String text, boolean partial) {}

    /** The engine under test. */
    protected abstract ContainerEngine engine();

    /** The engine's own time, not later than what happens next. */
    protected abstract Instant now();

    /** Makes a container that waits for what the methods below tell it, with the label {@code team=blue}. */
    protected abstract String create(String name, boolean tty);

    protected abstract void start(String id);

    protected abstract void write(String id, boolean stderr, String line);

    protected abstract void exit(String id, int code);

    /** Sends SIGKILL from outside. */
    protected abstract void kill(String id);

    protected abstract void remove(String id);

    /** What a container is made of that runs until SIGTERM, with the label {@code team=blue} and a limit of 64 MiB. */
    protected abstract ContainerSpec spec(String name);

    /** A name that no container has. */
    protected String name(String suffix) {
        return "spyhop-contract-" + Long.toHexString(System.nanoTime()) + "-" + suffix;
    }

    @Test
    void shouldSayWhatItIsWhenAsked() {
        // When
        EngineVersion version = engine().version();

        // Then
        assertThat(version.product()).isNotEmpty();
        assertThat(version.version()).isNotEmpty();
        assertThat(version.apiVersion()).matches("\\d+\\.\\d+");
    }

    @Test
    void shouldTellAllOfAContainerWhenItLives() {
        // Given
        String name = name("life");
        Instant before = now();
        String id = create(name, false);

        // When
        ContainerDetails created = details(id);
        start(id);
        ContainerDetails running = details(name);
        assertThat(engine().list()).containsEntry(id, "running");
        exit(id, 3);
        await().atMost(LONG).until(() -> !details(id).alive());
        ContainerDetails exited = details(id);

        // Then
        assertThat(engine().list()).containsEntry(id, "exited");
        assertThat(created.id()).isEqualTo(id);
        assertThat(created.name()).isEqualTo(name);
        assertThat(created.image()).isNotEmpty();
        assertThat(created.state()).isEqualTo("created");
        assertThat(created.labels()).containsEntry("team", "blue");
        assertThat(created.tty()).isFalse();
        assertThat(created.logDriver()).isEqualTo("json-file");
        assertThat(created.createdAt()).isBetween(before, before.plusSeconds(60));
        assertThat(created.restartCount()).isZero();
        assertThat(created.publishedPorts()).isEmpty();
        assertThat(created.memoryLimitBytes()).isNull();
        assertThat(List.of(created.alive(), running.alive(), exited.alive())).containsExactly(false, true, false);
        assertThat(created.pid()).isNull();
        assertThat(created.exitCode()).isNull();
        assertThat(created.startedAt()).isNull();
        assertThat(created.finishedAt()).isNull();
        assertThat(running.state()).isEqualTo("running");
        assertThat(running.pid()).isPositive();
        assertThat(running.exitCode()).isNull();
        assertThat(running.startedAt()).isAfterOrEqualTo(running.createdAt());
        assertThat(running.finishedAt()).isNull();
        assertThat(exited.state()).isEqualTo("exited");
        assertThat(exited.pid()).isNull();
        assertThat(exited.exitCode()).isEqualTo(3);
        assertThat(exited.oomKilled()).isFalse();
        assertThat(exited.startedAt()).isEqualTo(running.startedAt());
        assertThat(exited.finishedAt()).isAfter(running.startedAt());
    }

    @Test
    void shouldFindNothingWhenNoContainerHasThatName() {
        for (String name : List.of("spyhop-no-such-container", "../version", "a/b", "a?b", "", "ä", "-a")) {
            // When // Then
            assertThat(engine().inspect(name)).as(name).isEmpty();
            assertThatThrownBy(() -> engine().logs(new LogRequest(name, false, 0, false)))
                    .as(name)
                    .isInstanceOf(ContainerGoneException.class);
        }
    }

    @Test
    void shouldReadCountersForAsLongAsALifeLasts() {
        // Given
        String id = create(name("counted"), false);
        start(id);
        // When
        CounterReader reader = engine().counters(id, details(id).pid());
        Counters first = reader.read();
        Counters second = reader.read();
        exit(id, 0);
        await().atMost(LONG).until(() -> !details(id).alive());
        // Then
        assertThat(first.cpu().usedNanos()).isPositive();
        assertThat(second.cpu().usedNanos()).isGreaterThanOrEqualTo(first.cpu().usedNanos());
        assertThat(second.atNanos()).isGreaterThan(first.atNanos());
        assertThat(first.memory().usageBytes()).isPositive();
        assertThat(first.memory().limitBytes()).isZero();
        assertThat(first.memory().hostBytes()).isGreaterThan(first.memory().usageBytes());
        assertThat(first.pids()).isPositive();
        assertThatThrownBy(reader::read).isInstanceOf(ContainerGoneException.class);
    }

    @Test
    void shouldForgetAContainerWhenItIsRemoved() {
        // Given
        String id = create(name("removed"), false);
        start(id);

        // When
        remove(id);

        // Then
        assertThat(engine().inspect(id)).isEmpty();
        assertThat(engine().list()).doesNotContainKey(id);
        assertThatThrownBy(() -> engine().logs(new LogRequest(id, false, 0, true)))
                .isInstanceOf(ContainerGoneException.class);
    }

    @Test
    void shouldDoOnceWhatItIsToldTwice() {
        // Given
        ContainerControl control = engine().control();
        ContainerSpec spec = spec(name("told"));

        // When
        String id = control.create(spec);
        control.start(id);
        Instant startedAt = details(id).startedAt();
        control.start(id);
        ContainerDetails running = details(spec.name());
        boolean obeyed = control.signal(id, 15);
        await().atMost(LONG).until(() -> !details(id).alive());
        boolean again = control.signal(id, 15);
        control.remove(id);
        control.remove(id);

        // Then
        assertThat(running.id()).isEqualTo(id);
        assertThat(running.alive()).isTrue();
        assertThat(running.startedAt()).isEqualTo(startedAt);
        assertThat(running.labels()).containsEntry("team", "blue");
        assertThat(running.memoryLimitBytes()).isEqualTo(64L * 1024 * 1024);
        assertThat(List.of(obeyed, again)).containsExactly(true, false);
        assertThat(engine().inspect(id)).isEmpty();
        assertThatThrownBy(() -> control.start(id)).isInstanceOf(ContainerGoneException.class);
        assertThat(control.signal(id, 9)).isFalse();
    }

    @Test
    void shouldRefuseToMakeAContainerWhenItsNameIsInUse() {
        // Given
        ContainerControl control = engine().control();
        ContainerSpec spec = spec(name("refused"));
        String missing = "spyhop-test/no-such-image:1";

        // When
        String id = control.create(spec);

        // Then
        assertThat(control.image(spec.image())).isPresent();
        assertThat(control.image(missing)).isEmpty();
        assertThatThrownBy(() -> control.create(spec)).isInstanceOf(EngineRefusedException.class);
        control.remove(id);
    }

    @Test
    void shouldReadBothStreamsWhenThereIsNoTerminal() throws Exception {
        // Given
        Instant before = now();
        String id = create(name("streams"), false);
        start(id);
        String longLine = "0123456789".repeat(4_000);

        // When
        write(id, false, "to stdout");
        write(id, true, "to stderr");
        write(id, false, "");
        write(id, false, longLine);
        awaitLines(id, false, 4);
        List<Line> lines = read(id, false, 0);

        // Then
        assertThat(texts(lines, false)).containsExactly("to stdout", "", longLine);
        assertThat(texts(lines, true)).containsExactly("to stderr");
        assertThat(lines).noneMatch(Line::partial);
        assertThat(lines)
                .allMatch(line -> line.atNanos() >= nanos(before) && line.atNanos() <= nanos(before.plusSeconds(60)));
    }

    @Test
    void shouldReadStdoutOnlyWhenThereIsATerminal() throws Exception {
        // Given
        String id = create(name("terminal"), true);
        start(id);
        String longLine = "0123456789".repeat(4_000);

        // When
        write(id, false, "one");
        write(id, true, "two");
        write(id, false, "");
        write(id, false, longLine);
        write(id, false, "five");
        awaitLines(id, true, 5);
        List<Line> lines = read(id, true, 0);

        // Then
        assertThat(details(id).tty()).isTrue();
        assertThat(texts(lines, false)).containsExactly("one", "two", "", longLine, "five");
    }

    @Test
    void shouldStartAtTheNanosecondWhenSinceIsGiven() throws Exception {
        // Given
        String id = create(name("since"), false);
        start(id);
        write(id, false, "one");
        write(id, false, "two");
        write(id, false, "three");
        awaitLines(id, false, 3);
        long second = read(id, false, 0).get(1).atNanos();

        // When
        List<Line> from = read(id, false, second);
        List<Line> after = read(id, false, second + 1);

        // Then
        assertThat(texts(from, false)).containsExactly("two", "three");
        assertThat(texts(after, false)).containsExactly("three");
        assertThat(texts(read(LogRequest.newest(id, false)), false)).containsExactly("three");
    }

    @Test
    void shouldEndAFollowWhenTheContainerExits() throws Exception {
        // Given
        String id = create(name("follow"), false);
        start(id);
        write(id, false, "before");
        awaitLines(id, false, 1);
        List<Line> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> reading;
        try (LogStream log = engine().logs(new LogRequest(id, false, 0, true))) {
            reading = read(log, lines);
            await().atMost(LONG).until(() -> lines.size() == 1);

            // When
            write(id, false, "after");
            await().atMost(LONG).until(() -> lines.size() == 2);
            exit(id, 0);

            // Then
            reading.get(20, TimeUnit.SECONDS);
        }
        assertThat(texts(lines, false)).containsExactly("before", "after");
    }

    @Test
    void shouldEndAReadAtOnceWhenItIsClosed() throws Exception {
        // Given
        String id = create(name("close"), false);
        start(id);
        LogStream log = engine().logs(new LogRequest(id, false, 0, true));
        List<Line> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> reading = read(log, lines);
        write(id, false, "one");
        await().atMost(LONG).until(() -> lines.size() == 1);

        // When
        log.close();

        // Then
        reading.get(2, TimeUnit.SECONDS);
        assertThat(details(id).alive()).isTrue();
    }

    @Test
    void shouldEndAReadAtOnceWhenItsThreadIsInterrupted() throws Exception {
        // Given
        String id = create(name("interrupt"), false);
        start(id);
        CompletableFuture<String> ended = new CompletableFuture<>();
        LogStream log = engine().logs(new LogRequest(id, false, 0, true));
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                log.read((stderr, at, bytes, offset, length, partial) -> lines.add("line"));
                ended.complete("normally");
            } catch (InterruptedException e) {
                ended.complete("interrupted");
            } catch (RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        write(id, false, "one");
        await().atMost(LONG).until(() -> lines.size() == 1);

        // When
        reader.interrupt();

        // Then
        assertThat(ended.get(2, TimeUnit.SECONDS)).isEqualTo("interrupted");
    }

    @Test
    void shouldTellOfALifeInOrderWhenSubscribed() throws Exception {
        // Given
        String name = name("events");
        try (EventStream events = engine().events(now())) {
            // When
            String id = create(name, false);
            start(id);
            exit(id, 7);
            List<ContainerEvent> life = take(events, id, 3);
            start(id);
            kill(id);
            List<ContainerEvent> killed = take(events, id, 3);
            remove(id);
            List<ContainerEvent> removed = take(events, id, 1);

            // Then
            assertThat(life).extracting(ContainerEvent::action).containsExactly("create", "start", "die");
            assertThat(life).extracting(ContainerEvent::exitCode).containsExactly(null, null, 7);
            assertThat(life)
                    .allSatisfy(event ->
                            assertThat(event.attributes()).containsAllEntriesOf(Map.of("name", name, "team", "blue")));
            assertThat(life).extracting(ContainerEvent::at).isSorted();
            assertThat(killed).extracting(ContainerEvent::action).containsExactly("start", "kill", "die");
            assertThat(killed).extracting(ContainerEvent::signal).containsExactly(null, 9, null);
            assertThat(killed).extracting(ContainerEvent::exitCode).containsExactly(null, null, 137);
            assertThat(removed).extracting(ContainerEvent::action).containsExactly("destroy");
        }
    }

    @Test
    void shouldReplayFromTheNanosecondWhenSubscribedLater() throws Exception {
        // Given
        Instant before = now();
        String id = create(name("replay"), false);
        start(id);
        exit(id, 0);
        List<ContainerEvent> all;
        try (EventStream events = engine().events(before)) {
            all = take(events, id, 3);
        }
        Instant started = all.get(1).at();

        // When
        List<ContainerEvent> from;
        try (EventStream events = engine().events(started)) {
            from = take(events, id, 2);
        }
        List<ContainerEvent> after;
        try (EventStream events = engine().events(started.plusNanos(1))) {
            after = take(events, id, 1);
        }

        // Then
        assertThat(from).isEqualTo(all.subList(1, 3));
        assertThat(after).isEqualTo(all.subList(2, 3));
    }

    @Test
    void shouldWaitForAnEventUntilTheTimeIsOver() throws Exception {
        // Given
        try (EventStream events = engine().events(now().plusSeconds(3600))) {
            // When
            ContainerEvent event = events.next(Duration.ofMillis(20));

            // Then
            assertThat(event).isNull();
        }
    }

    @Test
    void shouldEndAWaitForEventsWhenTheSubscriptionIsClosed() throws Exception {
        // Given
        EventStream events = engine().events(now().plusSeconds(3600));
        CompletableFuture<@Nullable ContainerEvent> next = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                next.complete(events.next(LONG));
            } catch (InterruptedException | RuntimeException e) {
                next.completeExceptionally(e);
            }
        });

        // When
        events.close();

        // Then
        assertThatThrownBy(() -> next.get(2, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EngineException.class);
    }

    /** Reads on a thread of its own. */
    protected static CompletableFuture<Void> read(LogStream log, List<Line> lines) {
        CompletableFuture<Void> reading = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                log.read((stderr, at, bytes, offset, length, partial) ->
                        lines.add(new Line(stderr, at, new String(bytes, offset, length, UTF_8), partial)));
                reading.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                reading.completeExceptionally(e);
            }
        });
        return reading;
    }

    /** All lines that the engine has. */
    protected List<Line> read(String id, boolean tty, long sinceNanos) throws Exception {
        return read(new LogRequest(id, tty, sinceNanos, false));
    }

    private List<Line> read(LogRequest request) throws Exception {
        List<Line> lines = new CopyOnWriteArrayList<>();
        try (LogStream log = engine().logs(request)) {
            read(log, lines).get(20, TimeUnit.SECONDS);
        }
        return lines;
    }

    /** The next events of one container. */
    protected static List<ContainerEvent> take(EventStream events, String id, int count) throws InterruptedException {
        List<ContainerEvent> taken = new ArrayList<>();
        while (taken.size() < count) {
            ContainerEvent event = events.next(LONG);
            if (event == null) {
                throw new AssertionError("no event came after " + taken);
            }
            if (event.containerId().equals(id)) {
                taken.add(event);
            }
        }
        return taken;
    }

    private void awaitLines(String id, boolean tty, int count) {
        await().atMost(LONG).until(() -> read(id, tty, 0).size() == count);
    }

    private ContainerDetails details(String container) {
        return engine().inspect(container).orElseThrow();
    }

    private static List<String> texts(List<Line> lines, boolean stderr) {
        return lines.stream()
                .filter(line -> line.stderr() == stderr)
                .map(Line::text)
                .toList();
    }

    private static long nanos(Instant instant) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    }
}
