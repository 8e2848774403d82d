package io.spyhop.gateway;

import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.ports.PortsTable;
import io.spyhop.gateway.ports.Tables;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A program that listens on a loopback, as a container's would, and does what it is asked. The container that the table is told
 * of is this very process: it has a network namespace and a control group too.
 */
final class Program implements AutoCloseable {
    private static final int WEB_SOCKET_BYTES_MAX = 16 * 1024 * 1024;
    private static final Buffer BLOCK = Buffer.buffer(new byte[64 * 1024]);

    private final PortsTable table;
    private final HttpServer server;
    private final String workload;
    private final String org;
    private final @Nullable String visibility;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private final BlockingQueue<HttpServerResponse> held = new LinkedBlockingQueue<>();

    private Program(
            Vertx vertx, PortsTable table, String workload, String org, @Nullable String visibility, boolean tls) {
        this.table = table;
        this.workload = workload;
        this.org = org;
        this.visibility = visibility;
        HttpServerOptions options = new HttpServerOptions()
                .setMaxWebSocketFrameSize(WEB_SOCKET_BYTES_MAX)
                .setMaxWebSocketMessageSize(WEB_SOCKET_BYTES_MAX);
        if (tls) {
            options.setSsl(true).setKeyCertOptions(Certificate.any());
        }
        this.server = vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        listen(port());
    }

    /** A program of org acme, for whoever may see it. */
    static Program start(Vertx vertx, PortsTable table) {
        return start(vertx, table, "acme", null, false);
    }

    static Program start(Vertx vertx, PortsTable table, String org, @Nullable String visibility, boolean tls) {
        return new Program(vertx, table, "p" + UUID.randomUUID(), org, visibility, tls);
    }

    /** Says what this program's container listens on. */
    void listen(int... ports) {
        ListeningPorts instance = Tables.instance(
                workload,
                org,
                0,
                Tables.thisContainer(),
                ProcessHandle.current().pid(),
                visibility,
                ports);
        table.changed(instance.key(), instance);
    }

    /** Lets the table know of nothing any more. */
    void forget() {
        ListeningPorts instance = Tables.instance(workload, org, 0, Tables.thisContainer(), null, visibility);
        table.removed(instance.key(), instance);
    }

    int port() {
        return server.actualPort();
    }

    String workload() {
        return workload;
    }

    /** The first label of the port's host. */
    String label() {
        return label(port());
    }

    String label(int port) {
        return "worker-0-" + workload + "-" + port;
    }

    String host() {
        return label() + ".localhost";
    }

    /** How many requests came here. */
    int requests() {
        return requests.get();
    }

    /** How many bytes of endless answers were written. */
    long written() {
        return written.get();
    }

    /** The response of a request that waits for it. */
    HttpServerResponse takeHeld() throws InterruptedException {
        return held.take();
    }

    @Override
    public void close() {
        forget();
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request) {
        // Quarkus takes the handlers of WebSockets out of all servers of its process.
        if (request.headers().contains("Upgrade", "websocket", true)) {
            if (request.path().startsWith("/ws")) {
                request.toWebSocket().onSuccess(this::talk);
            } else {
                request.response().setStatusCode(418).end();
            }
            return;
        }
        requests.incrementAndGet();
        HttpServerResponse response = request.response();
        switch (request.path()) {
            case "/echo" ->
                request.body()
                        .onSuccess(body -> response.putHeader("Content-Type", "application/json")
                                .end(echo(request, body)));
            case "/count" -> count(request);
            case "/held" -> held.add(response);
            case "/unread" -> {
                request.pause();
                held.add(response);
            }
            case "/endless" -> endless(response);
            case "/bytes" -> bytes(response, Long.parseLong(request.query()));
            case "/die" -> request.connection().close();
            case "/die-later" ->
                response.setChunked(true)
                        .write("begun")
                        .onComplete(sent -> request.connection().close());
            case "/trailers" -> {
                response.setChunked(true).putHeader("Trailer", "X-Sum");
                response.write("body");
                response.putTrailer("X-Sum", "42").end();
            }
            case "/cookies" -> {
                response.headers()
                        .add("Set-Cookie", "a=1; Domain=localhost; Path=/")
                        .add("Set-Cookie", "b=2")
                        .add("Connection", "X-Hop")
                        .add("X-Hop", "1");
                response.end();
            }
            default ->
                response.setStatusCode(Integer.parseInt(request.path().substring(1)))
                        .end();
        }
    }

    private static String echo(HttpServerRequest request, Buffer body) {
        JsonObject headers = new JsonObject();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return new JsonObject()
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("headers", headers)
                .put("body", body.toString())
                .encode();
    }

    private static void count(HttpServerRequest request) {
        AtomicLong count = new AtomicLong();
        request.handler(part -> count.addAndGet(part.length()));
        request.endHandler(end -> request.response().end(Long.toString(count.get())));
    }

    private void endless(HttpServerResponse response) {
        response.setChunked(true);
        write(response, Long.MAX_VALUE);
    }

    private void bytes(HttpServerResponse response, long count) {
        response.putHeader("Content-Length", Long.toString(count));
        write(response, count);
    }

    /** As much as the other end takes. */
    private void write(HttpServerResponse response, long count) {
        long left = count;
        while (left > 0 && !response.writeQueueFull() && !response.closed()) {
            Buffer part = left >= BLOCK.length() ? BLOCK : BLOCK.slice(0, (int) left);
            response.write(part);
            written.addAndGet(part.length());
            left -= part.length();
        }
        long rest = left;
        if (rest == 0) {
            response.end();
        } else if (!response.closed()) {
            response.drainHandler(drained -> write(response, rest));
        }
    }

    private void talk(ServerWebSocket socket) {
        requests.incrementAndGet();
        switch (socket.path()) {
            case "/ws" -> {
                // At once, so that it may come together with the answer to the handshake.
                socket.writeTextMessage("hello " + socket.headers().get("X-Forwarded-Host"));
                socket.textMessageHandler(socket::writeTextMessage);
                socket.binaryMessageHandler(socket::writeBinaryMessage);
            }
            case "/ws-endless" -> socket.textMessageHandler(begin -> flood(socket));
            case "/ws-close" -> socket.close((short) 4000, "enough");
            default -> socket.close();
        }
    }

    private void flood(ServerWebSocket socket) {
        while (!socket.writeQueueFull() && !socket.isClosed()) {
            socket.writeBinaryMessage(BLOCK);
            written.addAndGet(BLOCK.length());
        }
        socket.drainHandler(drained -> flood(socket));
    }
}
