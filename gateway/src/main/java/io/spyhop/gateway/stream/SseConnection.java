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
    public static final String MEDIA_TYPE = "text/event-stream";

    private final HttpServerResponse response;
    private final Connection connection;

    /** A connection that is not open yet: the answer may still become another one. */
    public SseConnection(HttpServerResponse response) {
        this(response, StreamLimits.WINDOW_BYTES_MAX);
    }

    private SseConnection(HttpServerResponse response, int windowBytes) {
        this.response = response;
        this.connection = new Connection(response, windowBytes);
    }

    /** One that sends an event only when the one before has left: for events that are worth nothing once there are newer ones. */
    public static SseConnection ofLatest(HttpServerResponse response) {
        return new SseConnection(response, 1);
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
        connection.watch(context, stream);
        open();
    }

    /** Sends the head. */
    public void open() {
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        response.write(": spyhop\n\n");
    }

    /**
     * Sends some bytes; blocks while too many are under way.
     *
     * @throws ClientGoneException when the client has gone
     */
    public void send(Buffer bytes) throws InterruptedException {
        connection.send(bytes);
    }

    /**
     * Sends an event; as {@link #send}.
     *
     * @param data one line
     */
    public void event(String type, String data) throws InterruptedException {
        connection.send(Buffer.buffer("event: " + type + "\ndata: " + data + "\n\n"));
    }

    /** Sends nothing more and ends all waiting for room. Thread-safe. */
    public void stop() {
        connection.stop();
    }

    /** Ends the response in order. Idempotent. */
    public void end() {
        connection.end();
    }
}
