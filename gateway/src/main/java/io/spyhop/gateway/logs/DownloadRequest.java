package io.spyhop.gateway.logs;

import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.stream.View;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;

/** What a download is to hold, and how. Immutable. */
record DownloadRequest(View view, LineRange range, boolean text, boolean gzip, boolean timestamps) {
    /**
     * Reads the query of a request.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static DownloadRequest of(RoutingContext context) {
        Parameters parameters =
                Parameters.of(context, LineParameters.with("since", "until", "strip", "format", "gzip", "timestamps"));
        boolean text = parameters.text("format").map(DownloadRequest::isText).orElse(true);
        boolean timestamps = parameters.flag("timestamps").orElse(false);
        if (timestamps && !text) {
            throw SpyhopException.parameter("timestamps", "only with format=text; the rows of ndjson have them");
        }
        return new DownloadRequest(
                View.of(parameters),
                LineRange.of(parameters, Instant.now()),
                text,
                parameters.flag("gzip").orElse(false),
                timestamps);
    }

    /** The filter with its times. */
    LineFilter filter() {
        return view.filter().between(range.sinceNanos(), range.untilNanos());
    }

    /** A name for the file. */
    String fileName(String workload) {
        return workload + (text ? ".log" : ".ndjson") + (gzip ? ".gz" : "");
    }

    /** What the file is. */
    String mediaType() {
        if (gzip) {
            return "application/gzip";
        }
        return text ? "text/plain; charset=utf-8" : "application/x-ndjson";
    }

    private static boolean isText(String format) {
        return switch (format) {
            case "text" -> true;
            case "ndjson" -> false;
            default -> throw SpyhopException.parameter("format", "text or ndjson");
        };
    }
}
