package io.spyhop.gateway.proxy;

import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.request.Remote;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
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
            origins.speaksTls(instance, port).onComplete(tls -> {
                if (tls.succeeded() && tls.result()) {
                    response.release();
                    askAgain();
                    return;
                }
                if (tls.succeeded()) {
                    answered();
                }
                send(proxy).onComplete(sent);
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
            origins.speaksTls(instance, port).otherwise(false).onSuccess(tls -> {
                if (tls) {
                    askAgain();
                } else {
                    away(failure);
                }
            });
        }
    }

    private void askAgain() {
        context.request().resume();
        PortPages.redirect(context, ASK_AGAIN, context.request().uri());
    }

    private void away(Throwable failure) {
        metrics.failed();
        context.request().resume();
        PortPages.problem(context, label, PortProblems.of(port.port(), connected, origins.isLed(), failure));
    }

    private static <T> Future<T> never() {
        // It was answered here: nothing is left for the library to do.
        return Promise.<T>promise().future();
    }
}
