package io.spyhop.gateway.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.Problem;
import io.spyhop.contracts.problem.ProblemMapper;
import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers outside of the REST resources. */
public final class Answers {
    private static final Logger LOGGER = LoggerFactory.getLogger(Answers.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The header of every answer that says what to search the logs of Spyhop for. */
    public static final String TRACE = "Spyhop-Trace";

    private Answers() {}

    /** Answers with the problem of an error; only what is our fault is logged. */
    public static void problem(RoutingContext context, Throwable thrown) {
        SpyhopException e = ProblemMapper.asSpyhop(thrown);
        if (e.code() == ErrorCode.INTERNAL) {
            LOGGER.atError()
                    .addKeyValue("code", e.code().wire())
                    .setCause(thrown)
                    .log("A request failed.");
        }
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        response.setStatusCode(e.code().status()).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        switch (e.code()) {
            case TOKEN_MISSING, TOKEN_INVALID -> response.putHeader("WWW-Authenticate", "Bearer");
            default -> {}
        }
        e.retryAfterSeconds().ifPresent(seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        Problem problem = Problem.of(e);
        // The door has put it there.
        String trace = response.headers().get(TRACE);
        String body = json(trace == null ? problem : problem.in(trace));
        boolean multiplexed = context.request().version() == HttpVersion.HTTP_2;
        if (!context.request().isEnded() && !multiplexed) {
            // A body that nobody will read must not be waited for.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            response.end(body)
                    .onComplete(ended -> context.request().connection().close());
        } else {
            response.end(body);
        }
    }

    private static String json(Problem problem) {
        try {
            return JSON.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is plain data", e);
        }
    }
}
