package io.spyhop.contracts.problem;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An error body after RFC 9457. Immutable.
 *
 * @param type always {@code about:blank}: the code tells problems apart
 * @param detail what happened this time, for people
 * @param code the stable code, for programs
 * @param parameter the name of the parameter at fault, null where there is none
 * @param traceId what to search the logs of Spyhop for, null where nobody traced the request
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String parameter,
        @Nullable String traceId) {
    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** The problem of an error. */
    public static Problem of(SpyhopException e) {
        ErrorCode code = e.code();
        String detail = e.publicMessage();
        int colon = code == ErrorCode.PARAMETER_INVALID ? detail.indexOf(": ") : -1;
        return new Problem(
                "about:blank",
                code.title(),
                code.status(),
                detail,
                code.wire(),
                colon > 0 ? detail.substring(0, colon) : null,
                null);
    }

    /** The same problem in a trace. */
    public Problem in(String trace) {
        return new Problem(type, title, status, detail, code, parameter, trace);
    }
}
