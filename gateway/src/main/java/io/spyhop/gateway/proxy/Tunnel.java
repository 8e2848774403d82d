package io.spyhop.gateway.proxy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;

/**
 * A WebSocket to a container: once both ends have agreed, bytes are piped both ways, each end waiting for the other. Nobody
 * here looks into them. What the container refuses is passed on as it answered. On the request's event loop.
 */
final class Tunnel {
    private static final String WEBSOCKET = "websocket";
    private static final int SWITCHING = 101;

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Runnable ended;

    Tunnel(Exchange exchange, Runnable ended) {
        this.exchange = exchange;
        this.request = exchange.context().request();
        this.response = exchange.context().response();
        this.ended = ended;
    }

    static boolean isWanted(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && WEBSOCKET.equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                && Forwarding.upgrades(request.headers());
    }

    void open() {
        exchange.connect().compose(this::ask).onSuccess(this::answered).onFailure(failure -> {
            ended.run();
            exchange.failed(failure);
        });
    }

    private Future<HttpClientResponse> ask(HttpClientRequest to) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        exchange.forward(headers);
        to.setMethod(HttpMethod.GET).setURI(request.uri());
        to.headers().addAll(headers).set(HttpHeaders.CONNECTION, "Upgrade").set(HttpHeaders.UPGRADE, WEBSOCKET);
        // A client that goes meanwhile waits for nothing any more.
        response.exceptionHandler(gone -> to.reset());
        Future<HttpClientResponse> answer = to.connect();
        // The handshake is asked for when the client's is, and nothing of it is left before the connection changes
        // hands.
        request.endHandler(asked -> to.end());
        request.resume();
        return answer;
    }

    private void answered(HttpClientResponse answer) {
        exchange.answered();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(answer.headers());
        Forwarding.response(headers);
        response.setStatusCode(answer.statusCode());
        response.headers().addAll(headers);
        if (answer.statusCode() == SWITCHING) {
            NetSocket far = answer.netSocket();
            // What the container says at once waits for the client's socket.
            far.pause();
            response.headers().set(HttpHeaders.CONNECTION, "Upgrade").set(HttpHeaders.UPGRADE, WEBSOCKET);
            request.toNetSocket().onSuccess(near -> pipe(near, far)).onFailure(gone -> {
                ended.run();
                far.close();
            });
        } else {
            if (!answer.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
                response.setChunked(true);
            }
            answer.pipeTo(response).onComplete(all -> ended.run());
        }
    }

    private void pipe(NetSocket near, NetSocket far) {
        near.closeHandler(closed -> ended.run());
        // What one end has sent before it closed still reaches the other.
        near.pipeTo(far);
        far.pipeTo(near);
    }
}
