package io.spyhop.logs.capture;

import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.FakeEngine;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogWay;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The fake engine, as something in between shows it. */
final class SeenEngine implements ContainerEngine {
    private final FakeEngine engine;
    private final Reading reading;

    SeenEngine(FakeEngine engine, Reading reading) {
        this.engine = engine;
        this.reading = reading;
    }

    @Override
    public LogStream logs(LogRequest request) {
        LogStream log = engine.logs(request);
        return request.follow() ? new Stalling(log, reading) : log;
    }

    @Override
    public EngineVersion version() {
        return engine.version();
    }

    @Override
    public Map<String, String> list() {
        return engine.list();
    }

    @Override
    public Optional<ContainerDetails> inspect(String container) {
        return engine.inspect(container);
    }

    @Override
    public CounterReader counters(String container, @Nullable Long pid) {
        return engine.counters(container, pid);
    }

    @Override
    public ContainerControl control() {
        return engine.control();
    }

    @Override
    public EventStream events(Instant since) {
        return engine.events(since);
    }

    @Override
    public void close() {
        engine.close();
    }

    interface Reading {
        void read(LogStream log, LogSink sink, CountDownLatch closed) throws InterruptedException;
    }

    /** A stream that can be waited for to be closed. */
    private static final class Stalling implements LogStream {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final LogStream log;
        private final Reading reading;

        Stalling(LogStream log, Reading reading) {
            this.log = log;
            this.reading = reading;
        }

        @Override
        public void read(LogSink sink) throws InterruptedException {
            reading.read(log, sink, closed);
        }

        @Override
        public LogWay way() {
            return log.way();
        }

        @Override
        public void close() {
            closed.countDown();
            log.close();
        }
    }
}
