package io.spyhop.gateway.door;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Without TLS a connection stays with HTTP/1.1. A client that offers to go on in HTTP/2 (RFC 7540, section 3.2), as Java's does
 * unless told otherwise, is answered as if it had not, which it has to understand; what is behind a port would not follow it.
 */
@ApplicationScoped
class PlainHttp implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
