package io.spyhop.gateway.request;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * Where a request comes from: the other end of its connection. What a header says of it is not believed, since anybody
 * can send one; behind a proxy everybody has the proxy's address.
 */
public final class Remote {
    /** What stands for a connection that closed before it was asked. */
    private static final String UNKNOWN = "unknown";

    private Remote() {}

    /** The address, without a port. */
    public static String of(HttpServerRequest request) {
        SocketAddress address = request.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? UNKNOWN : host;
    }
}
