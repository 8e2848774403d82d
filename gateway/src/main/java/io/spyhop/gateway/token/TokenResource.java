package io.spyhop.gateway.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens: mint, list, revoke. Needs an admin who is not limited to orgs. */
@Path("/api/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Access")
public class TokenResource {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,63}");
    private static final Pattern ORG = Pattern.compile("[^\\p{Cntrl}/]{1,200}");
    private static final String EXPIRES_AT =
            "a time to come, such as 2030-01-31T12:00:00Z, or left out for a token that lasts";

    /** What the database can keep, and more than anybody means. */
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private static final int ORGS_MAX = 1000;
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 1000;

    private final Access access;

    @Inject
    TokenResource(Access access) {
        this.access = access;
    }

    /** What a new token should be. Without {@code orgs} it sees every org, without {@code expiresAt} it lasts. */
    @Schema(name = "TokenRequest")
    record TokenRequest(
            @Nullable String name,
            @Nullable String role,
            @Nullable List<@Nullable String> orgs,

            @Schema(implementation = Instant.class) @Nullable
            String expiresAt) {}

    /** A token as it is listed: not its text, which is kept nowhere. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Token")
    record Token(
            UUID id,
            String name,
            Role role,
            @Nullable List<String> orgs,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {
        static Token of(TokenEntity entity) {
            return new Token(
                    entity.id,
                    entity.name,
                    entity.role,
                    entity.orgList().orElse(null),
                    entity.createdAt,
                    entity.expiresAt,
                    entity.lastUsedAt);
        }
    }

    /** A new token, with its text, which is shown this once. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "MintedToken")
    record MintedToken(
            UUID id,
            String name,
            Role role,
            @Nullable List<String> orgs,
            Instant createdAt,
            @Nullable Instant expiresAt,
            String token) {}

    /** Some tokens, ordered by name. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "TokenPage")
    record TokenPage(List<Token> items, @Nullable String next) {}

    /** Makes a token. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a token", description = "The answer shows the token's text, this once.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = TokenRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The token",
            content = @Content(schema = @Schema(implementation = MintedToken.class)))
    public Response mint(@Context RoutingContext context, InputStream body) {
        Scope.caller(context).requireAdmin();
        Parameters.of(context);
        TokenRequest request = JsonBody.read(body, TokenRequest.class);
        String name = request.name();
        if (name == null || !NAME.matcher(name).matches()) {
            throw JsonBody.field("name", "1 to 64 letters, digits, spaces and ._@-, beginning with a letter or digit");
        }
        Access.Minted minted =
                access.mint(name, role(request.role()), orgs(request.orgs()), expiresAt(request.expiresAt()));
        TokenEntity token = minted.token();
        return Response.created(URI.create("/api/v1/tokens/" + token.id))
                .entity(new MintedToken(
                        token.id,
                        token.name,
                        token.role,
                        token.orgList().orElse(null),
                        token.createdAt,
                        token.expiresAt,
                        minted.secret()))
                .build();
    }

    /** Lists tokens by name. */
    @GET
    @Operation(summary = "List tokens", description = "By name. Their texts are not known here.")
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
            description = "A page of tokens",
            content = @Content(schema = @Schema(implementation = TokenPage.class)))
    public TokenPage list(@Context RoutingContext context) {
        Scope.caller(context).requireAdmin();
        Parameters parameters = Parameters.of(context, "limit", "cursor");
        int limit = parameters.number("limit", 1, LIMIT_MAX).orElse(LIMIT);
        List<Token> items = access.list(parameters.text("cursor").orElse(null), limit + 1).stream()
                .map(Token::of)
                .toList();
        return items.size() > limit
                ? new TokenPage(items.subList(0, limit), items.get(limit - 1).name())
                : new TokenPage(items, null);
    }

    /** Revokes a token, the sessions made with it and the streams that it opened. */
    @DELETE
    @Path("/{id}")
    @Operation(summary = "Revoke a token", description = "Ends its sessions and streams too.")
    @APIResponse(responseCode = "204", description = "It is revoked")
    public void revoke(@Context RoutingContext context, @PathParam("id") String id) {
        Scope.caller(context).requireAdmin();
        Parameters.of(context);
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new SpyhopException(ErrorCode.NOT_FOUND, "there is no such token", e);
        }
        access.revoke(uuid);
    }

    private static Role role(@Nullable String wire) {
        for (Role role : Role.values()) {
            if (role.wire().equals(wire)) {
                return role;
            }
        }
        throw JsonBody.field("role", "viewer, operator or admin");
    }

    private static @Nullable Instant expiresAt(@Nullable String time) {
        if (time == null) {
            return null;
        }
        try {
            Instant at = Instant.parse(time).truncatedTo(ChronoUnit.MILLIS);
            if (at.isAfter(Instant.now()) && at.isBefore(LATEST)) {
                return at;
            }
        } catch (DateTimeParseException e) {
            throw JsonBody.field("expiresAt", EXPIRES_AT);
        }
        throw JsonBody.field("expiresAt", EXPIRES_AT);
    }

    private static @Nullable List<String> orgs(@Nullable List<@Nullable String> orgs) {
        if (orgs == null) {
            return null;
        }
        List<String> names = orgs.stream()
                .filter(org -> org != null && ORG.matcher(org).matches())
                .map(org -> org == null ? "" : org)
                .distinct()
                .toList();
        if (names.isEmpty() || names.size() != orgs.size() || names.size() > ORGS_MAX) {
            throw JsonBody.field("orgs", "1 to " + ORGS_MAX + " different names of orgs, or left out for every org");
        }
        return names;
    }
}
