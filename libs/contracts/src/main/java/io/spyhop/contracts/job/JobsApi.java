package io.spyhop.contracts.job;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.Idempotent;
import io.spyhop.contracts.log.SearchQuery;
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
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks jobs-service: definitions of jobs, runs, and their history. Internal: who may ask is decided by the caller,
 * and that the workload exists. What is asked for is written down before it is answered; doing it goes on afterwards, whatever
 * happens to Spyhop. Thread-safe.
 */
@Path("/internal/jobs")
@Produces(MediaType.APPLICATION_JSON)
public interface JobsApi {
    /** The most jobs of a workload. */
    int JOBS_MAX = 200;

    /** The most runs in a page. */
    int PAGE_MAX = 1000;

    /** The most ids of runs in an answer: one more than may be searched together, so that too many are known. */
    int EXECS_MAX = SearchQuery.WORKLOADS_MAX + 1;

    /** All jobs of a workload, by id. */
    @GET
    @Path("/{workload}")
    JobList list(@PathParam("workload") WorkloadId workload);

    /**
     * One job.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code JOB_UNKNOWN} where there is none of that id
     */
    @GET
    @Path("/{workload}/{job}")
    Job find(@PathParam("workload") WorkloadId workload, @PathParam("job") String job);

    /**
     * Creates a job.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code STATE_CONFLICT} where there is one of that id or there are too many,
     *     {@code BODY_INVALID} where something about it is wrong: names the field and says why
     */
    @POST
    @Path("/{workload}")
    @Consumes(MediaType.APPLICATION_JSON)
    Job create(@PathParam("workload") WorkloadId workload, @QueryParam("org") String org, JobDefinition definition);

    /**
     * Creates a job, or replaces it. Runs that were asked for before keep what they were made of.
     *
     * @param revision which revision is replaced; null for whichever there is
     * @throws io.spyhop.contracts.problem.SpyhopException {@code BODY_INVALID} where something about it is wrong, {@code
     *     STATE_CONFLICT} where labels define it, there are too many, or the revision is another one
     */
    @PUT
    @Idempotent
    @Path("/{workload}/{job}")
    @Consumes(MediaType.APPLICATION_JSON)
    Job put(
            @PathParam("workload") WorkloadId workload,
            @PathParam("job") String job,
            @QueryParam("org") String org,
            @QueryParam("revision") @Nullable Integer revision,
            JobDefinition definition);

    /**
     * Removes a job; its runs are kept, and go on.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code JOB_UNKNOWN}, {@code STATE_CONFLICT} where labels define it
     */
    @DELETE
    @Idempotent
    @Path("/{workload}/{job}")
    void delete(@PathParam("workload") WorkloadId workload, @PathParam("job") String job);

    /**
     * Asks for a run. It is written down, {@code queued}, when this returns.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code JOB_UNKNOWN}; {@code RUN_UNKNOWN} where it is to repeat one that
     *     never was; {@code BODY_INVALID} where a parameter is wrong; {@code STATE_CONFLICT} where the job forbids a second run, or
     *     nothing can be run: no instance was ever seen, or, in mode {@code exec}, none runs
     */
    @POST
    @Path("/{workload}/{job}/runs")
    @Consumes(MediaType.APPLICATION_JSON)
    Run run(@PathParam("workload") WorkloadId workload, @PathParam("job") String job, RunRequest request);

    /**
     * Runs of a workload or of one of its jobs, newest first; of jobs that were removed too.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the cursor is not one
     */
    @POST
    @Idempotent
    @Path("/runs")
    @Consumes(MediaType.APPLICATION_JSON)
    RunPage runs(RunQuery query);

    /** Runs inside running instances, which no catalogue knows as workloads, in any order. */
    @POST
    @Idempotent
    @Path("/execs")
    @Consumes(MediaType.APPLICATION_JSON)
    ExecList execs(ExecQuery query);

    /**
     * One run.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code RUN_UNKNOWN} where the job has none of that id
     */
    @GET
    @Path("/{workload}/{job}/runs/{run}")
    RunDetails findRun(
            @PathParam("workload") WorkloadId workload, @PathParam("job") String job, @PathParam("run") RunId run);

    /**
     * Ends a run, as a deployment is stopped; returns when that is written down.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code RUN_UNKNOWN}; {@code STATE_CONFLICT} where it has ended, or where an
     *     exec can be ended in no way
     */
    @POST
    @Idempotent
    @Path("/{workload}/{job}/runs/{run}/cancel")
    Run cancel(@PathParam("workload") WorkloadId workload, @PathParam("job") String job, @PathParam("run") RunId run);
}
