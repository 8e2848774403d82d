package io.spyhop.gateway.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.request.Remote;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
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
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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

    private final Access access;
    private final SignInLink link;
    private final FailedSignIns failures;

    @Inject
    SessionResource(Access access, SignInLink link, FailedSignIns failures) {
        this.access = access;
        this.link = link;
        this.failures = failures;
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

    /** Whom a sign-in link should sign in: the token of that id, or whoever asks. */
    @Schema(name = "SignInLinkRequest")
    record LinkRequest(@Nullable String token) {}

    /** A sign-in link. */
    @Schema(name = "SignInLink")
    record LinkAnswer(String url, Instant expiresAt) {}

    /** Signs in: sets a cookie. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sign in", description = "With a token or the code of a sign-in link; sets a cookie.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = SessionRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "Who is signed in",
            content = @Content(schema = @Schema(implementation = Session.class)))
    public Response signIn(@Context RoutingContext context, InputStream body) {
        Parameters.of(context);
        SessionRequest request = JsonBody.read(body, SessionRequest.class);
        String token = request.token();
        String code = request.code();
        if ((token == null && code == null) || (token != null && code != null)) {
            throw JsonBody.field("token", "either a token or a code is wanted");
        }
        String remote = Remote.of(context.request());
        Caller caller = (token != null ? access.byToken(token) : link.redeem(Objects.requireNonNull(code)))
                .orElseThrow(() -> failures.refusal(remote, "the token or code is not valid"));
        failures.cleared(remote);
        String userAgent = context.request().getHeader(HttpHeaders.USER_AGENT);
        Access.Opened session = access.openSession(caller.token(), userAgent, remote);
        // For whoever writes down what was done: the door lets anybody in here.
        Scope.admit(context, caller.inSession(session.session()));
        return Response.ok(Session.of(caller))
                .cookie(cookie(context, session.cookie(), (int) session.age().toSeconds()))
                .build();
    }

    /** Makes a link for somebody. */
    @POST
    @Path("/link")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a sign-in link",
            description =
                    "It signs in whoever opens it first, within 15 minutes, as the token of that id; without a body,"
                            + " as the token that asks.")
    @RequestBody(content = @Content(schema = @Schema(implementation = LinkRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The link",
            content = @Content(schema = @Schema(implementation = LinkAnswer.class)))
    public Response link(@Context RoutingContext context, InputStream body) {
        Caller caller = Scope.caller(context);
        caller.requireAdmin();
        Parameters.of(context);
        LinkRequest request = JsonBody.readOptional(body, LinkRequest.class).orElse(new LinkRequest(null));
        UUID token = request.token() == null ? caller.token() : known(request.token());
        SignInLink.Link made = link.make(token, base(context.request()));
        return Response.status(Response.Status.CREATED)
                .entity(new LinkAnswer(made.url(), made.expiresAt()))
                .build();
    }

    private UUID known(String id) {
        try {
            UUID token = UUID.fromString(id);
            return access.byId(token)
                    .map(Caller::token)
                    .orElseThrow(() -> JsonBody.field("token", "the id of a token that is valid"));
        } catch (IllegalArgumentException e) {
            throw JsonBody.field("token", "the id of a token that is valid");
        }
    }

    /** How whoever asks reaches this gateway; the door has checked that it answers for that host. */
    private static String base(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        // Checked too: it is of the same authority, and knows of a proxy that ends TLS.
        return origin != null ? origin : request.scheme() + "://" + request.authority();
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
