package io.spyhop.gateway.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.function.Supplier;

/** Asks on a virtual thread what blocks, and goes on where it was asked. */
final class Blocking {
    private Blocking() {}

    /** The outcome of a question, on the event loop from which this is called. Never blocks. */
    static <T> Future<T> ask(String name, Supplier<T> question) {
        Context loop = Objects.requireNonNull(Vertx.currentContext());
        Promise<T> outcome = Promise.promise();
        Thread.ofVirtual().name(name).start(() -> {
            try {
                T answer = question.get();
                loop.runOnContext(nothing -> outcome.complete(answer));
            } catch (RuntimeException e) {
                loop.runOnContext(nothing -> outcome.fail(e));
            }
        });
        return outcome.future();
    }
}
