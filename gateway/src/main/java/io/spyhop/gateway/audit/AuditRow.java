package io.spyhop.gateway.audit;

import io.spyhop.gateway.scope.Role;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request that wanted to change something. Immutable.
 *
 * @param id 0 before it is stored
 * @param tokenId null, as the name and the role are, where nobody known asked
 * @param sessionId null where no session stood for the token
 * @param path as it was sent, without the query
 * @param workload null where the address named none, or one that the caller may not see
 * @param status how it was answered; {@link #UNANSWERED} where the client left before
 * @param traceId the request's trace
 */
record AuditRow(
        long id,
        Instant at,
        @Nullable UUID tokenId,
        @Nullable String tokenName,
        @Nullable Role role,
        @Nullable UUID sessionId,
        String remote,
        String method,
        String path,
        @Nullable String workload,
        int status,
        @Nullable String traceId) {
    /** The client closed its connection before there was an answer; what it asked for may have been done. */
    static final int UNANSWERED = 499;
}
