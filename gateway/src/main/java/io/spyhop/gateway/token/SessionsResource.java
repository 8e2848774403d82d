package io.spyhop.gateway.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Sessions: those of the caller's token; an admin who is not limited to orgs sees and ends everybody's. */
@Path("/api/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Access")
public class SessionsResource {
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 1000;
    private static final char BETWEEN = '_';

    private final Access access;

    @Inject
    SessionsResource(Access access) {
        this.access = access;
    }

    /**
     * A session.
     *
     * @param token the name of the token that it stands for
     * @param lastSeenAt to about a minute
     * @param current whether the request came with it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "SessionItem")
    record Item(
            UUID id,
            UUID tokenId,
            String token,
            Instant createdAt,
            Instant lastSeenAt,
            Instant expiresAt,
            @Nullable String userAgent,
            @Nullable String remote,
            boolean current) {
        static Item of(Access.NamedSession named, Caller caller) {
            SessionEntity session = named.session();
            return new Item(
                    session.id,
                    session.tokenId,
                    named.token(),
                    session.createdAt,
                    session.lastSeenAt,
                    session.expiresAt,
                    session.userAgent,
                    session.remote,
                    caller.session().filter(session.id::equals).isPresent());
        }
    }

    /** Some sessions, the newest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "SessionPage")
    record SessionPage(List<Item> items, @Nullable String next) {}

    /** Lists sessions. */
    @GET
    @Operation(
            summary = "List sessions",
            description =
                    "The newest first. Those of the token that asks; an admin who is not limited to orgs sees all.")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 1000, 100 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "`next` of the page before",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "A page of sessions",
            content = @Content(schema = @Schema(implementation = SessionPage.class)))
    public SessionPage list(@Context RoutingContext context) {
        Caller caller = Scope.caller(context);
        Parameters parameters = Parameters.of(context, "limit", "cursor");
        int limit = parameters.number("limit", 1, LIMIT_MAX).orElse(LIMIT);
        SessionRepository.Place after =
                parameters.text("cursor").map(SessionsResource::place).orElse(null);
        List<Item> items = access.sessions(whose(caller), after, limit + 1).stream()
                .map(named -> Item.of(named, caller))
                .toList();
        if (items.size() <= limit) {
            return new SessionPage(items, null);
        }
        Item last = items.get(limit - 1);
        return new SessionPage(items.subList(0, limit), last.createdAt().toString() + BETWEEN + last.id());
    }

    /** Ends a session and the streams that it opened. */
    @DELETE
    @Path("/{id}")
    @Operation(summary = "End a session", description = "Its streams end too.")
    @APIResponse(responseCode = "204", description = "It has ended")
    public void end(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters.of(context);
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new SpyhopException(ErrorCode.NOT_FOUND, "there is no such session", e);
        }
        access.endSession(uuid, whose(Scope.caller(context)));
    }

    private static @Nullable UUID whose(Caller caller) {
        return caller.isAdmin() ? null : caller.token();
    }

    private static SessionRepository.Place place(String cursor) {
        int at = cursor.indexOf(BETWEEN);
        try {
            return new SessionRepository.Place(
                    Parameters.instant("cursor", cursor.substring(0, Math.max(0, at))),
                    UUID.fromString(cursor.substring(at + 1)));
        } catch (IllegalArgumentException e) {
            throw SpyhopException.parameter("cursor", "what next of the page before was");
        }
    }
}
