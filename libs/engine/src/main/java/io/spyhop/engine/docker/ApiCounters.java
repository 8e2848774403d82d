package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import java.util.function.LongSupplier;

/** Asks the engine for a container's counters, once for each reading and without its own comparison. */
final class ApiCounters implements CounterReader {
    private final DockerTransport transport;
    private final String container;
    private final LongSupplier hostBytes;
    private volatile boolean closed;

    ApiCounters(DockerTransport transport, String container, LongSupplier hostBytes) {
        this.transport = transport;
        this.container = container;
        this.hostBytes = hostBytes;
    }

    @Override
    public CounterWay way() {
        return CounterWay.API;
    }

    @Override
    public Counters read() {
        if (closed) {
            throw new ContainerGoneException(container);
        }
        long host = hostBytes.getAsLong();
        JsonNode answer;
        try {
            answer = transport.get("/containers/" + container + "/stats?stream=false&one-shot=true");
        } catch (DockerTransport.StatusException e) {
            // 409: it is being removed, or does not run.
            if (e.status() == 404 || e.status() == 409) {
                throw new ContainerGoneException(container);
            }
            throw e;
        }
        Counters counters = StatsJson.counters(answer, System.nanoTime(), host);
        if (counters == null) {
            throw new ContainerGoneException(container);
        }
        return counters;
    }

    @Override
    public void close() {
        closed = true;
    }
}
