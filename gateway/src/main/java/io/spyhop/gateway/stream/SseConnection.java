package io.spyhop.gateway.stream;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A response of server-sent events: its head, and back-pressure while the client does not read. Used by one reader;
 * closing comes from any thread.
 */
public final class SseConnection {
    /** What a client that comes back sends. */
    public static final String LAST_EVENT_ID = "Last-Event-ID";

    /** The media type. */
    static final String MEDIA_TYPE = "text/event-stream";

    private final HttpServerResponse response;
    private final Window window = new Window(StreamLimits.WINDOW_BYTES_MAX);

    /** A connection that is not open yet: the answer may still become another one. */
    public SseConnection(HttpServerResponse response) {
        this.response = response;
    }

    /**
     * Demands that a stream is asked for with GET.
     *
     * @throws SpyhopException {@code METHOD_UNKNOWN}
     */
    public static void onlyGet(RoutingContext context) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            context.response().putHeader(HttpHeaders.ALLOW, "GET");
            throw new SpyhopException(ErrorCode.METHOD_UNKNOWN, "only GET is known here");
        }
    }

    /** Sends the head, so that the client learns at once that it is connected; a client that goes closes the stream. */
    public void open(RoutingContext context, OpenStream stream) {
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        response.closeHandler(closed -> stream.close());
        response.exceptionHandler(broken -> stream.close());
        context.request().resume();
        response.write(": spyhop\n\n");
    }

    /**
     * Sends some bytes; blocks while too many are under way.
     *
     * @throws ClientGoneException when the client has gone
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
}
