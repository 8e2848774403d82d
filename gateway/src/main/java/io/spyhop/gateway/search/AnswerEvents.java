package io.spyhop.gateway.search;

import io.spyhop.gateway.stream.Rows;
import io.spyhop.gateway.stream.SseConnection;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a search finds at once, as server-sent events. */
final class AnswerEvents implements SearchWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(AnswerEvents.class);

    private final SseConnection connection;
    private final Runnable open;
    private final Consumer<RuntimeException> refuse;
    private boolean begun;

    /**
     * A stream of events.
     *
     * @param open sends its head
     * @param refuse sends a problem instead
     */
    AnswerEvents(SseConnection connection, Runnable open, Consumer<RuntimeException> refuse) {
        this.connection = connection;
        this.open = open;
        this.refuse = refuse;
    }

    @Override
    public void begin() {
        open.run();
        begun = true;
    }

    @Override
    public void rows(byte[] ndjson) throws InterruptedException {
        String items = new String(Rows.commaSeparated(ndjson), StandardCharsets.UTF_8);
        connection.event("lines", "{\"items\":[" + items + "]}");
    }

    @Override
    public void progress(SearchState state) throws InterruptedException {
        connection.event("progress", "{" + state.members() + "," + state.through() + "}");
    }

    @Override
    public void end(SearchState state) throws InterruptedException {
        connection.event("end", "{" + state.ending() + "}");
        connection.end();
    }

    @Override
    public void failed(SearchState state, RuntimeException failure) throws InterruptedException {
        if (!begun) {
            refuse.accept(failure);
            return;
        }
        LOGGER.atWarn().addKeyValue("reason", failure.toString()).log("A search ended early.");
        end(state);
    }

    @Override
    public void closed() {
        connection.end();
    }

    @Override
    public void stop() {
        connection.stop();
    }
}
