package io.spyhop.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * A response that is written piece by piece, with back-pressure while the client does not read. Used by one writer;
 * closing comes from any thread.
 */
public final class Connection {
    private final HttpServerResponse response;
    private final Window window;

    /** A connection that is not open yet: the answer may still become another one. */
    public Connection(HttpServerResponse response) {
        this(response, StreamLimits.WINDOW_BYTES_MAX, Window.FOREVER);
    }

    /** The same, to a client that must take something within some time. */
    public Connection(HttpServerResponse response, Duration patience) {
        this(response, StreamLimits.WINDOW_BYTES_MAX, patience);
    }

    /**
     * The same.
     *
     * @param windowBytes what may be on its way; something that is larger goes alone
     */
    Connection(HttpServerResponse response, int windowBytes) {
        this(response, windowBytes, Window.FOREVER);
    }

    private Connection(HttpServerResponse response, int windowBytes, Duration patience) {
        this.response = response;
        this.window = new Window(windowBytes, patience);
    }

    /** From now on a client that goes closes the stream. */
    public void watch(RoutingContext context, OpenStream stream) {
        response.closeHandler(closed -> stream.close());
        response.exceptionHandler(broken -> stream.close());
        context.request().resume();
    }

    /**
     * Sends some bytes; blocks while too many are under way.
     *
     * @throws ClientGoneException when the client has gone
     * @throws ClientStalledException when it has taken nothing for too long
     */
    public void send(Buffer bytes) throws InterruptedException {
        int length = bytes.length();
        window.acquire(length);
        if (response.closed() || response.ended()) {
            throw new ClientGoneException();
        }
        response.write(bytes).onComplete(written -> {
            window.release(length);
            if (written.failed()) {
                window.close();
            }
        });
    }

    /** Sends nothing more and ends all waiting for room. Thread-safe. */
    public void stop() {
        window.close();
    }

    /** Ends the response in order. Idempotent. */
    public void end() {
        window.close();
        if (!response.ended() && !response.closed()) {
            response.end();
        }
    }

    /** Breaks the response off: nobody can take it for complete. Idempotent. */
    public void abort() {
        window.close();
        if (!response.ended() && !response.closed()) {
            response.reset();
        }
    }
}
