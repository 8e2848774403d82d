package io.spyhop.contracts.crash;

import io.spyhop.contracts.WorkloadId;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks health-crash-service: reports of crashes. Internal: who may see what is decided by the caller.
 * Thread-safe.
 */
@Path("/internal/crashes")
@Produces(MediaType.APPLICATION_JSON)
public interface CrashesApi {
    /** The most crashes in a page; so many reports of a workload are kept. */
    int PAGE_MAX = 100;

    /**
     * Crashes of a workload, newest first. None where the workload is not known.
     *
     * @param limit 1 to {@link #PAGE_MAX}
     * @param cursor where the last page ended, null for the first
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the cursor is not one
     */
    @GET
    @Path("/{workload}")
    CrashPage list(
            @PathParam("workload") WorkloadId workload,
            @QueryParam("limit") int limit,
            @QueryParam("cursor") @Nullable String cursor);

    /**
     * One crash.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code CRASH_UNKNOWN} where there was none of that number, or its
     *     report is no longer kept
     */
    @GET
    @Path("/{workload}/{n}")
    CrashReport find(@PathParam("workload") WorkloadId workload, @PathParam("n") int n);
}
