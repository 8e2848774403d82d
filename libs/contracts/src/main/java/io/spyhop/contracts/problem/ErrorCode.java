package io.spyhop.contracts.problem;

import java.util.Locale;

/** Every error that a client can tell apart: its stable code (lower case, dashes), status and title. */
public enum ErrorCode {
    PARAMETER_INVALID(400, "A parameter is wrong"),
    BODY_INVALID(400, "The body is wrong"),
    TOKEN_MISSING(401, "Sign in first"),
    TOKEN_INVALID(401, "The token is not valid"),
    ROLE_MISSING(403, "The token's role does not allow this"),
    ORIGIN_FOREIGN(403, "The request comes from another site"),
    NOT_FOUND(404, "There is nothing here"),
    WORKLOAD_UNKNOWN(404, "There is no such workload"),
    CRASH_UNKNOWN(404, "There is no such crash"),
    JOB_UNKNOWN(404, "There is no such job"),
    RUN_UNKNOWN(404, "There is no such run"),
    PORT_UNKNOWN(404, "Nothing listens on that port"),
    METHOD_UNKNOWN(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "The answer is not available in that media type"),
    STATE_CONFLICT(409, "The state does not allow this"),
    BODY_TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The address is too long"),
    MEDIA_TYPE_UNKNOWN(415, "The body's media type is not understood"),
    HOST_UNKNOWN(421, "This server does not answer for that host"),
    TOO_MANY(429, "Too many at once"),
    INTERNAL(500, "Something went wrong here"),
    PORT_AWAY(502, "The port does not answer"),
    NOTHING_RUNS(503, "Nothing of the workload runs"),
    DEPENDENCY_AWAY(503, "Something that is needed for this is away"),
    VERSION_UNKNOWN(505, "That version of HTTP is not spoken here");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The code on the wire, such as {@code workload-unknown}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The short text that is the same for every occurrence. */
    public String title() {
        return title;
    }

    /** The code of a status that a framework answered by itself; {@link #INTERNAL} for one that has no code. */
    public static ErrorCode ofStatus(int status) {
        return switch (status) {
            case 400 -> PARAMETER_INVALID;
            case 401 -> TOKEN_INVALID;
            case 403 -> ROLE_MISSING;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_UNKNOWN;
            case 406 -> NOT_ACCEPTABLE;
            case 409 -> STATE_CONFLICT;
            case 413 -> BODY_TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> MEDIA_TYPE_UNKNOWN;
            case 421 -> HOST_UNKNOWN;
            case 429 -> TOO_MANY;
            case 502 -> PORT_AWAY;
            case 503 -> DEPENDENCY_AWAY;
            case 505 -> VERSION_UNKNOWN;
            default -> INTERNAL;
        };
    }
}
