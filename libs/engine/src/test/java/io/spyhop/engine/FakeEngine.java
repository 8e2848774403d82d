package io.spyhop.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory, that tests drive: they create, start and end containers and write their lines. It behaves as the
 * contract test demands of every engine. Time stands still unless a test moves it, but for one microsecond at every
 * thing that happens, so that times differ. Thread-safe.
 */
public final class FakeEngine implements ContainerEngine {
    /** So many events can be replayed, like in a Docker engine. */
    private static final int REPLAYED_MAX = 256;

    private static final int QUEUED_MAX = 8192;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private final FakeControl control = new FakeControl(this);
    private final Deque<ContainerEvent> events = new ArrayDeque<>();
    private final List<FakeEvents> subscriptions = new ArrayList<>();
    private long nowNanos = 1_767_225_600_000_000_000L;
    private int created;
    private boolean unreachable;
    private boolean inspectsHeld;
    private boolean recordsReadable;
    private boolean eventsLost;
    private int lists;
    private boolean closed;
    /** Rises whenever connections break. */
    private int breaks;

    /** The time of what happens next, nanoseconds since the epoch. */
    public long clockNanos() {
        return locked(() -> nowNanos);
    }

    /** Sets the time of what happens next. */
    public void setClockNanos(long nanos) {
        change(() -> nowNanos = nanos);
    }

    /** Moves the time of what happens next. */
    public void advance(Duration duration) {
        change(() -> nowNanos += duration.toNanos());
    }

    /** Creates a container with nothing but a name. */
    public String create(String name) {
        return create(FakeBlueprint.named(name));
    }

    /** Creates a container. */
    public String create(FakeBlueprint blueprint) {
        return locked(() -> {
            created++;
            String id = String.format("%064x", created);
            containers.put(id, new FakeContainer(id, blueprint, tick()));
            happen(id, "create", Map.of());
            return id;
        });
    }

    /** Creates and starts a container. */
    public String run(FakeBlueprint blueprint) {
        String id = create(blueprint);
        start(id);
        return id;
    }

    /** Starts a container; the next life after {@link #exitAndRestart} is a restart, any other begins to count anew. */
    public void start(String id) {
        change(() -> {
            container(id).start(nowNanos, 1000L + 100L * created);
            happen(id, "start", Map.of());
        });
    }

    /** The first process ends by itself. */
    public void exit(String id, int code) {
        change(() -> end(id, code, "exited"));
    }

    /** The first process ends by itself, and a restart policy waits; {@link #start} goes on. */
    public void exitAndRestart(String id, int code) {
        change(() -> {
            container(id).restartCount++;
            end(id, code, "restarting");
        });
    }

    /** Somebody sends a signal that ends the first process. */
    public void kill(String id, int signal) {
        change(() -> {
            happen(id, "kill", Map.of("signal", Integer.toString(signal)));
            end(id, 128 + signal, "exited");
        });
    }

    /** Somebody sends a signal that the first process takes no notice of. */
    public void ignore(String id, int signal) {
        change(() -> happen(id, "kill", Map.of("signal", Integer.toString(signal))));
    }

    /** Somebody stops the container, which obeys. */
    public void stop(String id, int code) {
        change(() -> {
            happen(id, "kill", Map.of("signal", "15"));
            end(id, code, "exited");
            happen(id, "stop", Map.of());
        });
    }

    /** The kernel ends the first process for want of memory. */
    public void runOutOfMemory(String id) {
        change(() -> {
            happen(id, "oom", Map.of());
            container(id).oomKilled = true;
            end(id, 137, "exited");
        });
    }

    /** Freezes the processes. */
    public void pause(String id) {
        change(() -> {
            container(id).state = "paused";
            happen(id, "pause", Map.of());
        });
    }

    /** Thaws the processes. */
    public void unpause(String id) {
        change(() -> {
            container(id).state = "running";
            happen(id, "unpause", Map.of());
        });
    }

    /** Changes a name. */
    public void rename(String id, String name) {
        change(() -> {
            container(id).name = name;
            happen(id, "rename", Map.of());
        });
    }

    /** Removes a container, by force where it lives, with its log. */
    public void remove(String id) {
        change(() -> {
            if (container(id).alive()) {
                happen(id, "kill", Map.of("signal", "9"));
                end(id, 137, "exited");
            }
            happen(id, "destroy", Map.of());
            containers.remove(id);
        });
    }

    /** A program writes a line to stdout. */
    public void write(String id, String line) {
        write(id, false, line.getBytes(UTF_8));
    }

    /** A program writes a line to stderr. */
    public void writeError(String id, String line) {
        write(id, true, line.getBytes(UTF_8));
    }

    /** A program writes a line. */
    public void write(String id, boolean stderr, byte[] line) {
        change(() -> writeAt(id, stderr, tick(), line));
    }

    /** A line appears in the log with a given time, in whatever order. */
    public void writeAt(String id, boolean stderr, long atNanos, byte[] line) {
        change(() -> container(id).write(stderr, atNanos, line));
    }

    /** Rotation: only so many newest lines are left. */
    public void dropOldLines(String id, int left) {
        change(() -> container(id).dropOldLines(left));
    }

    /** Makes every request fail and breaks what is open, or makes requests work again. */
    public void setUnreachable(boolean unreachable) {
        change(() -> {
            this.unreachable = unreachable;
            if (unreachable) {
                breakConnections("the fake engine is unreachable");
            }
        });
    }

    /** Lets whoever inspects wait, as an engine does that is busy with the container, or lets them go on. */
    public void setInspectsHeld(boolean held) {
        change(() -> inspectsHeld = held);
    }

    /** Lets its records be read, as those of an engine on this machine, or not. */
    public void setRecordsReadable(boolean readable) {
        change(() -> recordsReadable = readable);
    }

    /** Breaks what is open, as a restart of the engine does, and forgets events; requests work at once. */
    public void restartEngine() {
        change(() -> {
            breakConnections("the fake engine restarted");
            events.clear();
        });
    }

    /** Lets nobody learn of events, as if each were lost on its way, or tells of them again. */
    public void setEventsLost(boolean lost) {
        change(() -> eventsLost = lost);
    }

    /** Tells of an event as it is, without changing a container. */
    public void emit(ContainerEvent event) {
        change(() -> publish(event));
    }

    /** How many logs and event subscriptions are open. */
    public int openStreams() {
        return locked(() -> subscriptions.size()
                + containers.values().stream()
                        .mapToInt(container -> container.readers)
                        .sum());
    }

    @Override
    public EngineVersion version() {
        return reached(() -> new EngineVersion("Fake", "1.0", "1.41"));
    }

    @Override
    public Map<String, String> list() {
        return reached(() -> {
            lists++;
            Map<String, String> states = new HashMap<>();
            containers.forEach((id, container) -> states.put(id, container.state));
            return states;
        });
    }

    /** How often all containers were listed. */
    public int lists() {
        return locked(() -> lists);
    }

    @Override
    public Optional<ContainerDetails> inspect(String container) {
        locked(() -> {
            while (inspectsHeld) {
                changed.awaitUninterruptibly();
            }
            return inspectsHeld;
        });
        return reached(() -> containers.values().stream()
                .filter(candidate -> candidate.id.equals(container) || candidate.name.equals(container))
                .findFirst()
                .map(FakeContainer::details));
    }

    @Override
    public Optional<ContainerDetails> startRecord(String containerId, Instant toldAt) {
        return locked(() -> Optional.ofNullable(recordsReadable ? containers.get(containerId) : null)
                .map(FakeContainer::details));
    }

    @Override
    public LogStream logs(LogRequest request) {
        return reached(() -> {
            FakeContainer container = containers.get(request.containerId());
            if (container == null) {
                throw new ContainerGoneException(request.containerId());
            }
            if (container.blueprint.logDriver().equals("none")) {
                throw new LogUnreadableException("configured logging driver does not support reading");
            }
            return new Log(container, request);
        });
    }

    @Override
    public CounterReader counters(String id, @Nullable Long pid) {
        return new FakeCounters(this, id);
    }

    @Override
    public EventStream events(Instant since) {
        return reached(() -> {
            FakeEvents subscription = new FakeEvents(lock, changed, subscriptions::remove);
            events.stream().filter(event -> !event.at().isBefore(since)).forEach(subscription::add);
            subscriptions.add(subscription);
            return subscription;
        });
    }

    @Override
    public FakeControl control() {
        return control;
    }

    @Override
    public void close() {
        change(() -> {
            closed = true;
            breakConnections("the fake engine was closed");
        });
    }

    private void end(String id, int code, String state) {
        FakeContainer container = container(id);
        container.state = state;
        container.exitCode = code;
        container.pid = null;
        container.finishedAt = FakeContainer.instant(nowNanos);
        happen(id, "die", Map.of("exitCode", Integer.toString(code)));
    }

    private void breakConnections(String reason) {
        breaks++;
        subscriptions.forEach(subscription -> subscription.fail(reason));
        subscriptions.clear();
    }

    private FakeContainer container(String id) {
        FakeContainer container = containers.get(id);
        if (container == null) {
            throw new IllegalArgumentException("the test's engine has no container " + id);
        }
        return container;
    }

    private long tick() {
        long now = nowNanos;
        nowNanos += 1_000;
        return now;
    }

    private void happen(String id, String action, Map<String, String> more) {
        FakeContainer container = container(id);
        Map<String, String> attributes = new HashMap<>(container.blueprint.labels());
        attributes.put("name", container.name);
        attributes.put("image", container.blueprint.image());
        attributes.putAll(more);
        publish(new ContainerEvent(FakeContainer.instant(tick()), id, action, attributes));
    }

    private void publish(ContainerEvent event) {
        if (eventsLost) {
            return;
        }
        events.add(event);
        if (events.size() > REPLAYED_MAX) {
            events.remove();
        }
        for (FakeEvents subscription : List.copyOf(subscriptions)) {
            if (subscription.size() == QUEUED_MAX) {
                subscription.fail("events were lost");
                subscriptions.remove(subscription);
            } else {
                subscription.add(event);
            }
        }
    }

    private <T> T reached(Step<T> step) {
        return locked(() -> {
            if (unreachable || closed) {
                throw new EngineException("the fake engine is unreachable", null);
            }
            return step.run();
        });
    }

    private void change(Runnable step) {
        locked(() -> {
            step.run();
            return true;
        });
    }

    private <T> T locked(Step<T> step) {
        lock.lock();
        try {
            T result = step.run();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T run();
    }

    private final class Log implements LogStream {
        private final FakeContainer container;
        private final LogRequest request;
        private final int life;
        private final boolean follow;
        private final int breaksAtOpen = breaks;
        private int next;
        private boolean closedLog;

        Log(FakeContainer container, LogRequest request) {
            this.container = container;
            this.request = request;
            this.life = container.life;
            this.follow = request.follow() && container.alive();
            this.next = container.dropped + (request.newest() ? Math.max(0, container.log.size() - 1) : 0);
            container.readers++;
        }

        @Override
        public LogWay way() {
            return LogWay.API;
        }

        @Override
        public void read(LogSink sink) throws InterruptedException {
            try {
                FakeContainer.Line line = next();
                while (line != null) {
                    line.hand(sink);
                    line = next();
                }
            } finally {
                close();
            }
        }

        private FakeContainer.@Nullable Line next() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (true) {
                    if (closedLog) {
                        return null;
                    }
                    if (breaks != breaksAtOpen) {
                        throw new EngineException("the log broke off: the fake engine is unreachable", null);
                    }
                    next = Math.max(next, container.dropped);
                    while (next - container.dropped < container.log.size()) {
                        FakeContainer.Line line = container.log.get(next - container.dropped);
                        next++;
                        if (line.atNanos() >= request.sinceNanos()) {
                            return line;
                        }
                    }
                    if (!follow || !container.alive() || container.life != life) {
                        return null;
                    }
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            change(() -> {
                container.readers -= closedLog ? 0 : 1;
                closedLog = true;
            });
        }
    }
}
