package io.spyhop.gateway.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

/** Lists who changed what. Needs an admin who is not limited to orgs. */
@Path("/api/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Access")
public class AuditResource {
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 1000;
    private static final char BETWEEN = '_';

    private final AuditStore store;

    @Inject
    AuditResource(AuditStore store) {
        this.store = store;
    }

    /**
     * A request that wanted to change something.
     *
     * @param token the name of the token; missing, as its id and role are, where nobody known asked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "AuditItem")
    record Item(
            long id,
            Instant at,
            @Nullable UUID tokenId,
            @Nullable String token,
            @Nullable Role role,
            @Nullable UUID sessionId,
            String remote,
            String method,
            String path,
            @Nullable String workload,
            int status,
            @Nullable String traceId) {
        static Item of(AuditRow row) {
            return new Item(
                    row.id(),
                    row.at(),
                    row.tokenId(),
                    row.tokenName(),
                    row.role(),
                    row.sessionId(),
                    row.remote(),
                    row.method(),
                    row.path(),
                    row.workload(),
                    row.status(),
                    row.traceId());
        }
    }

    /** Some of them, the newest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "AuditPage")
    record AuditPage(List<Item> items, @Nullable String next) {}

    /** Lists them. */
    @GET
    @Operation(
            summary = "List who changed what",
            description = "Every request that wanted to change something, refused ones too, the newest first. A row is"
                    + " there a moment after the answer. Status 499: the client left before the answer.")
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
    @Parameter(
            name = "since",
            in = ParameterIn.QUERY,
            description = "From this time on, or from so long ago: `2026-01-31T12:00:00Z`, `15m`, `2d`",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "until",
            in = ParameterIn.QUERY,
            description = "Before this time, or before so long ago",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "token",
            in = ParameterIn.QUERY,
            description = "The name or the id of a token, also of one that was revoked",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "A page of rows",
            content = @Content(schema = @Schema(implementation = AuditPage.class)))
    public AuditPage list(@Context RoutingContext context) {
        Scope.caller(context).requireAdmin();
        Parameters parameters = Parameters.of(context, "limit", "cursor", "since", "until", "token");
        int limit = parameters.number("limit", 1, LIMIT_MAX).orElse(LIMIT);
        Instant now = Instant.now();
        Optional<String> token = parameters.text("token");
        Optional<UUID> tokenId = token.flatMap(AuditResource::uuid);
        AuditStore.Wanted wanted = new AuditStore.Wanted(
                parameters.time("since", now).orElse(null),
                parameters.time("until", now).orElse(null),
                tokenId.orElse(null),
                tokenId.isPresent() ? null : token.orElse(null),
                parameters.text("cursor").map(AuditResource::place).orElse(null),
                limit + 1);
        List<Item> items = find(wanted).stream().map(Item::of).toList();
        if (items.size() <= limit) {
            return new AuditPage(items, null);
        }
        Item last = items.get(limit - 1);
        return new AuditPage(items.subList(0, limit), last.at().toString() + BETWEEN + last.id());
    }

    private List<AuditRow> find(AuditStore.Wanted wanted) {
        try {
            return store.list(wanted);
        } catch (SQLException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
        }
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static AuditStore.Place place(String cursor) {
        int at = cursor.indexOf(BETWEEN);
        if (at < 0) {
            throw SpyhopException.parameter("cursor", "what next of the page before was");
        }
        return new AuditStore.Place(
                Parameters.instant("cursor", cursor.substring(0, at)),
                Parameters.number("cursor", cursor.substring(at + 1), 0, Long.MAX_VALUE));
    }
}
