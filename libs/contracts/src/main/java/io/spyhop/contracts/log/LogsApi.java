package io.spyhop.contracts.log;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.Idempotent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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

    /** How long one call looks for lines before it answers with what it has. */
    int EXAMINE_MILLIS_MAX = 500;

    /** How long one call deletes lines before it answers that there are more. */
    int DELETE_MILLIS_MAX = 1000;

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

    /**
     * Lines that match. A page ends at its limits, at the end of the range, and after about {@link #EXAMINE_MILLIS_MAX} of
     * looking: then it may hold fewer lines or none, and {@code more} tells to go on from {@code through}.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the question is not as it should be
     */
    @POST
    @Idempotent
    @Path("/{workload}/query")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(LinesPageBody.MEDIA_TYPE)
    LinesPage query(@PathParam("workload") WorkloadId workload, LinesQuery query);

    /**
     * Searches many workloads from the newest lines to the oldest; each call examines a part of the time, as {@link
     * #query} does.
     */
    @POST
    @Idempotent
    @Path("/search")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    SearchPage search(SearchQuery query);

    /** How long a workload's lines are kept, and what is stored of it. */
    @GET
    @Path("/{workload}/retention")
    @Produces(MediaType.APPLICATION_JSON)
    LogRetention retention(@PathParam("workload") WorkloadId workload);

    /**
     * Sets how long a workload's lines are kept; what is missing falls back to the container's labels, then to the
     * settings. It takes effect within the hour.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID}
     */
    @PUT
    @Path("/{workload}/retention")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    LogRetention setRetention(@PathParam("workload") WorkloadId workload, RetentionChange change);

    /**
     * Deletes lines at once, for ever, the oldest first. Numbers go on from where they are. A call ends after about {@link
     * #DELETE_MILLIS_MAX}, and tells whether to call again.
     *
     * @param before only lines with a lower number; {@link Long#MAX_VALUE} for all
     * @param beforeNanos only lines before this time, nanoseconds since the epoch; {@link Long#MAX_VALUE} for all
     */
    @DELETE
    @Idempotent
    @Path("/{workload}/lines")
    @Produces(MediaType.APPLICATION_JSON)
    LinesDeletion delete(
            @PathParam("workload") WorkloadId workload,
            @QueryParam("before") long before,
            @QueryParam("beforeNanos") long beforeNanos);

    /** The last stored number of each of these workloads, 0 for one without lines. At most 10 000 of them. */
    @POST
    @Idempotent
    @Path("/last-numbers")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    Map<WorkloadId, Long> lastNumbers(List<WorkloadId> workloads);
}
