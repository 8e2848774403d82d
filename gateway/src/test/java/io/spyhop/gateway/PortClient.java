package io.spyhop.gateway;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks at ports' hosts, whose names nobody resolves here. */
final class PortClient implements AutoCloseable {
    private static final int WEB_SOCKET_BYTES_MAX = 16 * 1024 * 1024;

    private final int port;
    private final HttpClient client;
    private final WebSocketClient webSockets;

    PortClient(Vertx vertx, int port) {
        this.port = port;
        this.client = vertx.createHttpClient();
        this.webSockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(1000)
                .setMaxFrameSize(WEB_SOCKET_BYTES_MAX)
                .setMaxMessageSize(WEB_SOCKET_BYTES_MAX));
    }

    /** A whole answer. */
    record Answer(int status, MultiMap headers, MultiMap trailers, Buffer body) {
        String text() {
            return body.toString();
        }

        String header(String name) {
            return String.valueOf(headers.get(name));
        }
    }

    /** Asks as an admin, by token. */
    Answer get(Program program, String uri, String... headers) {
        return send(HttpMethod.GET, program, uri, Buffer.buffer(), headers);
    }

    Answer send(HttpMethod method, Program program, String uri, Buffer body, String... headers) {
        HttpClientRequest request = request(method, program, uri, headers);
        return await(request.send(body)
                .compose(response -> response.body()
                        .map(all -> new Answer(response.statusCode(), response.headers(), response.trailers(), all))));
    }

    /** A request of which nothing is sent yet. */
    HttpClientRequest request(HttpMethod method, Program program, String uri, String... headers) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .setHost(program.host())
                .setPort(port)
                .setURI(uri)
                .putHeader("Authorization", "Bearer " + Backends.ADMIN);
        for (int i = 0; i < headers.length; i += 2) {
            options.putHeader(headers[i], headers[i + 1]);
        }
        return await(client.request(options));
    }

    Future<WebSocket> webSocket(Program program, String uri, String... headers) {
        // The client of WebSockets goes where the name leads, whatever server it is told.
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setAllowOriginHeader(false)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(uri)
                .putHeader("Host", program.host() + ":" + port)
                .putHeader("Authorization", "Bearer " + Backends.ADMIN);
        for (int i = 0; i < headers.length; i += 2) {
            options.putHeader(headers[i], headers[i + 1]);
        }
        return webSockets.connect(options);
    }

    /** Sends a request as it is; rows without their ends, the host's and the token's are added. */
    String raw(Program program, String... rows) {
        return Http.exchange(
                port,
                String.join("\r\n", rows) + "\r\nHost: " + program.host() + "\r\nAuthorization: Bearer "
                        + Backends.ADMIN + "\r\nConnection: close\r\n\r\n");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        webSockets.close();
    }
}
