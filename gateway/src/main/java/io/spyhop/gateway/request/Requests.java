package io.spyhop.gateway.request;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves requests of plain routes: what is asked is read on a virtual thread, since a large pattern takes longer to compile
 * than the event loop has; then it is served on the loop. What either throws is answered as a problem.
 */
public final class Requests {
    private Requests() {}

    /** Reads a request, then serves it. */
    public static <T> void serve(RoutingContext context, Function<RoutingContext, T> read, Consumer<T> serve) {
        Context loop = Objects.requireNonNull(Vertx.currentContext());
        Thread.ofVirtual().name("spyhop-request").start(() -> {
            Runnable outcome;
            try {
                T request = read.apply(context);
                outcome = () -> serve.accept(request);
            } catch (RuntimeException e) {
                outcome = () -> Answers.problem(context, e);
            }
            Runnable answer = outcome;
            loop.runOnContext(nothing -> run(context, answer));
        });
    }

    private static void run(RoutingContext context, Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException e) {
            Answers.problem(context, e);
        }
    }
}
