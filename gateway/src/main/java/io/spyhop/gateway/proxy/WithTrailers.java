package io.spyhop.gateway.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** The body of an answer, with the fields that came after it put behind it again. */
final class WithTrailers implements ReadStream<Buffer> {
    private final HttpClientResponse from;
    private final HttpServerResponse to;
    private boolean ended;

    WithTrailers(HttpClientResponse from, HttpServerResponse to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        // Whoever pipes this takes its handler away before it breaks the answer off, which would be logged then. It
        // does so after the end too, when any other one is refused, by an exception whose trace costs a good part of
        // the request.
        if (!ended) {
            from.exceptionHandler(handler == null ? broken -> {} : handler);
        }
        return this;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        from.handler(handler);
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        from.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        from.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        from.fetch(amount);
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        from.endHandler(
                handler == null
                        ? null
                        : nothing -> {
                            ended = true;
                            if (to.isChunked() && !from.trailers().isEmpty()) {
                                to.trailers().addAll(from.trailers());
                            }
                            handler.handle(null);
                        });
        return this;
    }
}
