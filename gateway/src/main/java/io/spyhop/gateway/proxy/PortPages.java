package io.spyhop.gateway.proxy;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.ProblemMapper;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Answers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Spyhop itself answers at a port's host: a page to a browser that shows one, a problem to everything else. Nothing in
 * them runs, and nothing is kept.
 */
final class PortPages {
    private static final String HTML = "text/html";

    private PortPages() {}

    /** Whether a person looks at the answer. */
    static boolean isPage(HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        String mode = request.getHeader("Sec-Fetch-Mode");
        return (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
                && accepted != null
                && accepted.contains(HTML)
                && (mode == null || mode.equals("navigate"));
    }

    /** Answers with an error. */
    static void problem(RoutingContext context, String label, Throwable thrown) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        if (response.headWritten() || response.closed() || !isPage(request)) {
            if (!response.headWritten()) {
                headers(response.headers());
            }
            Answers.problem(context, thrown);
            return;
        }
        SpyhopException e = ProblemMapper.asSpyhop(thrown);
        if (e.code() == ErrorCode.INTERNAL) {
            Answers.problem(context, thrown);
            return;
        }
        headers(response.headers());
        e.retryAfterSeconds().ifPresent(seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        response.setStatusCode(e.code().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, HTML + ";charset=utf-8")
                .end(page(e.code().title(), e.publicMessage(), label));
    }

    /** Sends a browser elsewhere. */
    static void redirect(RoutingContext context, int status, String to) {
        headers(context.response().headers());
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.LOCATION, to)
                .end();
    }

    /** A port on which nothing listens. */
    static SpyhopException gone(int port, @Nullable Instant seenAt) {
        return new SpyhopException(
                ErrorCode.PORT_UNKNOWN,
                seenAt == null
                        ? "nothing listens on port " + port + " of this container, and nothing was seen to"
                        : "nothing listens on port " + port + " of this container any more; it was last seen at "
                                + seenAt.truncatedTo(ChronoUnit.SECONDS));
    }

    /** No port that whoever asks may see. */
    static SpyhopException unknown() {
        return new SpyhopException(ErrorCode.PORT_UNKNOWN, "no listening port of that name is known here");
    }

    private static void headers(MultiMap headers) {
        headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Cache-Control", "no-store");
    }

    private static String page(String title, String text, String label) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s</title>
                <style>body { font: 1rem/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 34rem; padding: 0 1rem }</style>
                <h1>%1$s</h1>
                <p>%2$s</p>
                <p><small>Spyhop, %3$s</small></p>
                </html>
                """.formatted(escaped(title), escaped(sentence(text)), escaped(label));
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
