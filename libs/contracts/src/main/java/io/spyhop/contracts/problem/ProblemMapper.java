package io.spyhop.contracts.problem;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where an error becomes an answer. Only what is our fault is logged, with its cause. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProblemMapper.class);

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
            default -> new SpyhopException(ErrorCode.INTERNAL, ErrorCode.INTERNAL.title(), thrown);
        };
    }
}
