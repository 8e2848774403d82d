package io.spyhop.gateway.proxy;

import io.netty.handler.proxy.ProxyConnectException;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Remote;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.function.Consumer;

/**
 * One request on its way to a container, and its answer on the way back; on the request's event loop. Bodies are piped as they
 * come, each end waiting for the other. What is asked for first at a port tells what it speaks: one that does not understand
 * HTTP is asked for TLS, and then the client to ask again.
 */
final class Exchange implements ProxyInterceptor {
    private static final int BAD_REQUEST = 400;
    private static final int NO_CONTENT = 204;
    private static final int ASK_AGAIN = 307;

    private final RoutingContext context;
    private final String label;
    private final ListeningPorts instance;
    private final ListeningPort port;
    private final Origins origins;
    private final String scheme;
    private final boolean byToken;
    private final PortMetrics metrics;
    private boolean connected;

    Exchange(
            RoutingContext context,
            String label,
            ListeningPorts instance,
            ListeningPort port,
            Origins origins,
            String scheme,
            boolean byToken,
            PortMetrics metrics) {
        this.context = context;
        this.label = label;
        this.instance = instance;
        this.port = port;
        this.origins = origins;
        this.scheme = scheme;
        this.byToken = byToken;
        this.metrics = metrics;
    }

    RoutingContext context() {
        return context;
    }

    void begin() {
        // The library's tunnels for WebSockets neither wait for a slow end nor pass a refusal on: Tunnel does.
        HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), origins.client())
                .origin(proxy -> connect().map(this::prepared))
                .addInterceptor(this)
                .handle(context.request());
    }

    /** A request to the port, nothing of which is sent yet. */
    Future<HttpClientRequest> connect() {
        return origins.request(instance, port).onSuccess(request -> connected = true);
    }

    /** Changes headers on their way to the container. */
    void forward(MultiMap headers) {
        HttpServerRequest request = context.request();
        Forwarding.request(headers, request.authority(), Remote.of(request), scheme, byToken);
    }

    /** The port answered in HTTP. */
    void answered() {
        if (!origins.isKnown(instance, port)) {
            origins.speaksHttp(instance, port);
        }
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext proxy) {
        forward(proxy.request().headers());
        return proxy.sendRequest().recover(failure -> {
            failed(failure);
            return never();
        });
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext proxy) {
        ProxyResponse response = proxy.response();
        if (response.getStatusCode() == BAD_REQUEST && !origins.isKnown(instance, port)) {
            Promise<Void> sent = Promise.promise();
            askForTls(tls -> {
                if (tls) {
                    response.release();
                    askAgain();
                } else {
                    answered();
                    send(proxy).onComplete(sent);
                }
            });
            return sent.future();
        }
        answered();
        return send(proxy);
    }

    private Future<Void> send(ProxyContext proxy) {
        ProxyResponse response = proxy.response();
        Forwarding.response(response.headers());
        Body body = response.getBody();
        if (body != null && body.stream() instanceof HttpClientResponse answer) {
            if (response.getStatusCode() == NO_CONTENT) {
                // Without a body, and so without anything that says where it ends.
                answer.resume();
                response.setBody(null);
            } else {
                response.setBody(Body.body(new WithTrailers(answer, context.response()), body.length()));
            }
        }
        return proxy.sendResponse();
    }

    private HttpClientRequest prepared(HttpClientRequest request) {
        HttpServerRequest from = context.request();
        // As the client spelt it.
        request.putHeader(HttpHeaders.HOST, from.getHeader(HttpHeaders.HOST));
        if (Forwarding.takesTrailers(from.headers())) {
            request.putHeader("TE", "trailers").putHeader(HttpHeaders.CONNECTION, "TE");
        }
        if ("100-continue".equalsIgnoreCase(from.getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
        return request;
    }

    /** There is no answer. */
    void failed(Throwable failure) {
        if (!connected || context.response().headWritten() || origins.isKnown(instance, port)) {
            away(failure);
        } else {
            askForTls(tls -> {
                if (tls) {
                    askAgain();
                } else {
                    away(failure);
                }
            });
        }
    }

    private void askForTls(Consumer<Boolean> then) {
        origins.speaksTls(instance, port).onSuccess(then::accept);
    }

    private void askAgain() {
        context.request().resume();
        PortPages.redirect(context, ASK_AGAIN, context.request().uri());
    }

    private void away(Throwable failure) {
        metrics.failed();
        context.request().resume();
        PortPages.problem(context, label, problem(failure));
    }

    private SpyhopException problem(Throwable failure) {
        if (failure instanceof ConnectionPoolTooBusyException) {
            return new SpyhopException(
                    ErrorCode.DEPENDENCY_AWAY, "port " + port.port() + " has too many connections already", failure);
        }
        String told = String.valueOf(failure.getMessage());
        if (!connected && isRelayAway(failure, told)) {
            return new SpyhopException(
                    ErrorCode.DEPENDENCY_AWAY,
                    "port-detector, which leads to this container, cannot be asked",
                    failure);
        }
        return new SpyhopException(
                ErrorCode.PORT_AWAY, "port " + port.port() + " of this container " + reason(told), failure);
    }

    /** There is none at its place, or it knows another secret; what a relay says of a port is of another kind. */
    private static boolean isRelayAway(Throwable failure, String told) {
        return failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || (failure instanceof ConnectException && !(failure instanceof ProxyConnectException))
                || told.contains("authStatus");
    }

    /** The relay's reasons, as the client of it words them (RFC 1928, section 6). */
    private static String reason(String told) {
        if (told.contains("CONNECTION_REFUSED")) {
            return "refuses connections";
        }
        if (told.contains("TTL_EXPIRED") || told.contains("timeout")) {
            return "takes no connection";
        }
        if (told.contains("NETWORK_UNREACHABLE")) {
            return "cannot be reached: its process has ended, or cannot be seen from where Spyhop runs";
        }
        return told.contains("FORBIDDEN")
                ? "cannot be reached from where Spyhop runs"
                : "ended the connection without an answer";
    }

    private static <T> Future<T> never() {
        // It was answered here: nothing is left for the library to do.
        return Promise.<T>promise().future();
    }
}
