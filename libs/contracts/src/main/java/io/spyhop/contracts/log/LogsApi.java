package io.spyhop.contracts.log;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.Idempotent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/**
 * What the gateway asks log-service: stored lines, in bounded pages. A workload without lines is not an error. Internal:
 * who may see what is decided by the caller. Thread-safe.
 */
@Path("/internal/logs")
public interface LogsApi {
    /** The most bytes in a page; a page ends early rather than grow beyond it, but holds one line at least. */
    int PAGE_BYTES_MAX = 4 * 1024 * 1024;

    /** The most lines in a page. */
    int PAGE_LINES_MAX = 5000;

    /**
     * Lines with a number above {@code after}, oldest first.
     *
     * @param after 0 for the beginning
     * @param limit 1 to {@link #PAGE_LINES_MAX}
     */
    @GET
    @Path("/{workload}/after")
    @Produces(LinesPageBody.MEDIA_TYPE)
    LinesPage after(
            @PathParam("workload") WorkloadId workload,
            @QueryParam("after") long after,
            @QueryParam("limit") int limit);

    /**
     * The newest lines, oldest of them first.
     *
     * @param limit 1 to {@link #PAGE_LINES_MAX}
     */
    @GET
    @Path("/{workload}/tail")
    @Produces(LinesPageBody.MEDIA_TYPE)
    LinesPage tail(@PathParam("workload") WorkloadId workload, @QueryParam("limit") int limit);

    /** The last stored number of each of these workloads, 0 for one without lines. At most 10 000 of them. */
    @POST
    @Idempotent
    @Path("/last-numbers")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    Map<WorkloadId, Long> lastNumbers(List<WorkloadId> workloads);
}
