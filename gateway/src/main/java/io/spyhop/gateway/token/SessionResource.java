package io.spyhop.gateway.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Signing in and out. */
@Path(SessionResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Access")
public class SessionResource {
    /** The address; a POST to it needs no token. */
    public static final String PATH = "/api/v1/session";

    /** The name of the session's cookie. */
    public static final String COOKIE = "spyhop_session";

    /** A wrong token or code is answered late, and few at a time, so that guessing is slow. */
    private static final Duration FAILURE_DELAY = Duration.ofMillis(300);

    private static final Semaphore FAILURES = new Semaphore(20);

    private final Access access;
    private final AdminToken admin;
    private final SignInLink link;

    @Inject
    SessionResource(Access access, AdminToken admin, SignInLink link) {
        this.access = access;
        this.admin = admin;
        this.link = link;
    }

    /** A token, or the code of a sign-in link. */
    @Schema(name = "SessionRequest")
    record SessionRequest(@Nullable String token, @Nullable String code) {}

    /** Who is signed in. Without {@code orgs} every org is seen. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Session")
    record Session(String name, Role role, @Nullable List<String> orgs) {
        static Session of(Caller caller) {
            return new Session(caller.name(), caller.role(), caller.orgs().orElse(null));
        }
    }

    /** Signs in: sets a cookie. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sign in", description = "With a token or the code of a sign-in link; sets a cookie.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = SessionRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "Who is signed in",
            content = @Content(schema = @Schema(implementation = Session.class)))
    public Response signIn(@Context RoutingContext context, InputStream body) throws InterruptedException {
        Parameters.of(context);
        SessionRequest request = JsonBody.read(body, SessionRequest.class);
        String token = request.token();
        String code = request.code();
        if ((token == null) == (code == null)) {
            throw JsonBody.field("token", "either a token or a code is wanted");
        }
        Optional<Caller> caller = token != null
                ? access.byToken(token)
                : code != null && link.redeem(code) ? admin.caller() : Optional.empty();
        if (caller.isEmpty()) {
            throw failure();
        }
        return Response.ok(Session.of(caller.get()))
                .cookie(cookie(context, access.openSession(caller.get().token()), (int) Access.SESSION_AGE.toSeconds()))
                .build();
    }

    /** Tells who is signed in. */
    @GET
    @Operation(summary = "Who is signed in")
    @APIResponse(
            responseCode = "200",
            description = "Who is signed in",
            content = @Content(schema = @Schema(implementation = Session.class)))
    public Session whoAmI(@Context RoutingContext context) {
        Parameters.of(context);
        return Session.of(Scope.caller(context));
    }

    /** Signs out: the cookie stops working. */
    @DELETE
    @Operation(summary = "Sign out")
    @APIResponse(responseCode = "204", description = "The cookie no longer works")
    public Response signOut(@Context RoutingContext context) {
        Parameters.of(context);
        io.vertx.core.http.Cookie cookie = context.request().getCookie(COOKIE);
        if (cookie != null) {
            access.closeSession(cookie.getValue());
        }
        return Response.noContent().cookie(cookie(context, "", 0)).build();
    }

    private static SpyhopException failure() throws InterruptedException {
        if (!FAILURES.tryAcquire()) {
            return new SpyhopException(ErrorCode.TOO_MANY, "too many wrong sign-ins at once");
        }
        try {
            Thread.sleep(FAILURE_DELAY);
        } finally {
            FAILURES.release();
        }
        return new SpyhopException(ErrorCode.TOKEN_INVALID, "the token or code is not valid");
    }

    private static NewCookie cookie(RoutingContext context, String value, int maxAge) {
        return new NewCookie.Builder(COOKIE)
                .value(value)
                .path("/")
                .maxAge(maxAge)
                .httpOnly(true)
                .secure(context.request().isSSL())
                .sameSite(NewCookie.SameSite.STRICT)
                .build();
    }
}
