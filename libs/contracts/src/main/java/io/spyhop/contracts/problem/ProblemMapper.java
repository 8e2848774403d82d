package io.spyhop.contracts.problem;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where an error becomes an answer. Only what is our fault is logged, with its cause. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProblemMapper.class);

    private static final List<String> AWAY = List.of("08", "25P03", "53", "57");

    @Override
    public Response toResponse(Throwable thrown) {
        SpyhopException e = asSpyhop(thrown);
        if (e.code() == ErrorCode.INTERNAL) {
            LOGGER.atError()
                    .addKeyValue("code", e.code().wire())
                    .setCause(thrown)
                    .log("A request failed.");
        }
        Response.ResponseBuilder answer =
                Response.status(e.code().status()).type(Problem.MEDIA_TYPE).entity(Problem.of(e));
        e.retryAfterSeconds().ifPresent(seconds -> answer.header(HttpHeaders.RETRY_AFTER, seconds));
        return answer.build();
    }

    /** What an exception means to the client; anything unknown is {@link ErrorCode#INTERNAL} and says nothing more. */
    public static SpyhopException asSpyhop(Throwable thrown) {
        return switch (thrown) {
            case SpyhopException known -> known;
            // The framework wraps what a parameter's conversion throws.
            case WebApplicationException web when web.getCause() instanceof SpyhopException known -> known;
            case WebApplicationException web -> {
                ErrorCode code = ErrorCode.ofStatus(web.getResponse().getStatus());
                yield new SpyhopException(code, code.title(), web);
            }
            case Throwable failed
            when isDatabaseAway(failed) ->
                new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", failed);
            default -> new SpyhopException(ErrorCode.INTERNAL, ErrorCode.INTERNAL.title(), thrown);
        };
    }

    /**
     * Whether a database could not be reached, was starting or stopping, or gave up: PostgreSQL's classes 08, 53 and 57,
     * and 25P03 for a transaction in which nothing happened for too long. A pool that has no connection to give says so without a state.
     */
    private static boolean isDatabaseAway(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SQLException failed) {
                String state = failed.getSQLState();
                return state == null || AWAY.stream().anyMatch(state::startsWith);
            }
        }
        return false;
    }
}
