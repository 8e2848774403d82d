package io.spyhop.logs.capture;

import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.LogRequest;
import io.spyhop.logs.LogLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of starts straight from the engines, some milliseconds before the instance's record comes: a container that lives
 * for a moment and is removed at once is followed in time. Only a hint: whatever it misses the records tell. One virtual
 * thread a host. Thread-safe.
 */
final class StartWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(StartWatch.class);
    private static final Duration EVENT_PATIENCE = Duration.ofSeconds(30);

    /** Starts are remembered for records that come late; as many as a busy host has in a moment. */
    private static final int REMEMBERED_MAX = 1024;

    private final Function<String, ContainerEngine> engines;
    private final Map<String, Thread> hosts = new ConcurrentHashMap<>();
    private final Map<String, WorkloadCapture> awaited = new ConcurrentHashMap<>();
    private final Map<String, Instant> starts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };
    private volatile boolean closed;

    StartWatch(Function<String, ContainerEngine> engines) {
        this.engines = engines;
    }

    /** Tells the capture as soon as this created container starts; at once where it has. */
    void await(String host, String containerId, WorkloadCapture capture) {
        hosts.computeIfAbsent(
                host, name -> Thread.ofVirtual().name("starts-" + name).start(() -> run(name)));
        awaited.put(containerId, capture);
        Instant started = remembered(containerId);
        if (started != null) {
            tell(containerId, started);
        }
    }

    /** The container's start is known, or it is gone. */
    void forget(String containerId) {
        awaited.remove(containerId);
    }

    @Override
    public void close() {
        closed = true;
        hosts.values().forEach(Thread::interrupt);
    }

    private void run(String host) {
        while (!closed) {
            try (EventStream events = engines.apply(host).events(Instant.now())) {
                warmUp(engines.apply(host));
                while (!closed) {
                    ContainerEvent event = events.next(EVENT_PATIENCE);
                    if (event != null && event.action().equals("start")) {
                        remember(event);
                        tell(event.containerId(), event.at());
                    }
                }
            } catch (EngineException e) {
                LOGGER.atDebug().addKeyValue("host", host).setCause(e).log("Starts are not heard for a while.");
                try {
                    Thread.sleep(LogLimits.RETRY_PAUSE);
                } catch (InterruptedException stop) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The first request for a log takes a tenth of a second longer, for its classes are loaded: not when it matters. */
    private static void warmUp(ContainerEngine engine) {
        try {
            engine.logs(new LogRequest("0".repeat(64), false, 0, false)).close();
        } catch (ContainerGoneException e) {
            LOGGER.atTrace().log("The way to a log is known.");
        }
    }

    private void tell(String containerId, Instant at) {
        WorkloadCapture capture = awaited.remove(containerId);
        if (capture != null) {
            capture.started(containerId, at);
        }
    }

    private void remember(ContainerEvent event) {
        synchronized (starts) {
            starts.put(event.containerId(), event.at());
        }
    }

    private @Nullable Instant remembered(String containerId) {
        synchronized (starts) {
            return starts.get(containerId);
        }
    }
}
