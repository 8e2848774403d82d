package io.spyhop.gateway.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The jobs of a workload: what they are. */
@Path("/api/v1/workloads/{id}/jobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Jobs")
public class JobsResource {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String OPERATOR = " Needs the role operator.";

    private final Services services;

    @Inject
    JobsResource(Services services) {
        this.services = services;
    }

    /** Lists them. */
    @GET
    @Operation(
            summary = "List jobs",
            description =
                    "By id, with when each is due next and its newest run. Values of environments are shown to operators.")
    @APIResponse(
            responseCode = "200",
            description = "The jobs",
            content = @Content(schema = @Schema(implementation = JobAnswer.All.class)))
    public JobAnswer.All list(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters.of(context);
        boolean values = seesValues(context);
        return new JobAnswer.All(services.jobs().list(workload(context)).items().stream()
                .map(job -> JobAnswer.of(job, values))
                .toList());
    }

    /** Creates one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Create a job",
            description = "Everything but a command, and a name or an id, may be left out." + OPERATOR)
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = JobRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The job",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    public Response create(@Context RoutingContext context, @PathParam("id") String id, InputStream body) {
        Workload workload = operated(context);
        Parameters.of(context);
        JobDefinition definition = JsonBody.read(body, JobRequest.class).definition(null);
        return created(services.jobs().create(workload.id(), workload.org(), definition));
    }

    /** Shows one. */
    @GET
    @Path("/{job}")
    @Operation(
            summary = "Show a job",
            description = "Values of its environment are shown to operators, their names to all.")
    @APIResponse(
            responseCode = "200",
            description = "The job",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    public JobAnswer show(@Context RoutingContext context, @PathParam("id") String id, @PathParam("job") String job) {
        Parameters.of(context);
        return JobAnswer.of(services.jobs().find(workload(context), JobPaths.job(job)), seesValues(context));
    }

    /** Creates or replaces one. */
    @PUT
    @Path("/{job}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Create or replace a job",
            description =
                    "What is left out is as in a new job. Runs that were asked for before keep what they were made of."
                            + OPERATOR)
    @Parameter(
            name = "revision",
            in = ParameterIn.QUERY,
            description = "Replace this revision only",
            schema = @Schema(type = SchemaType.INTEGER))
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = JobRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The job; 201 where it is new",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    public Response put(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @PathParam("job") String job,
            InputStream body) {
        Workload workload = operated(context);
        OptionalInt revision = Parameters.of(context, "revision").number("revision", 1, Integer.MAX_VALUE);
        JobDefinition definition = JsonBody.read(body, JobRequest.class).definition(job);
        Job put = services.jobs()
                .put(workload.id(), job, workload.org(), revision.isPresent() ? revision.getAsInt() : null, definition);
        return put.revision() == 1
                ? created(put)
                : Response.ok(JobAnswer.of(put, true)).build();
    }

    /** Changes one. */
    @PATCH
    @Path("/{job}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(
            summary = "Change a job",
            description = "A JSON merge patch (RFC 7396): what is left out stays, null is as if missing in a new job."
                    + OPERATOR)
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = JobRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The job",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    public JobAnswer patch(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @PathParam("job") String job,
            InputStream body) {
        Workload workload = operated(context);
        Parameters.of(context);
        ObjectNode patch = JsonBody.read(body, ObjectNode.class);
        Job known = services.jobs().find(workload.id(), JobPaths.job(job));
        for (int i = 1; ; i++) {
            try {
                JobDefinition changed = changed(known.definition(), patch);
                return JobAnswer.of(
                        services.jobs().put(workload.id(), job, workload.org(), known.revision(), changed), true);
            } catch (SpyhopException e) {
                // Somebody else has changed it meanwhile; the same change is made to what it is now.
                Job now = e.code() == ErrorCode.STATE_CONFLICT && i < JobLimits.PATCHES_MAX
                        ? services.jobs().find(workload.id(), job)
                        : known;
                if (now.revision() == known.revision()) {
                    throw e;
                }
                known = now;
            }
        }
    }

    /** Removes one. */
    @DELETE
    @Path("/{job}")
    @Operation(
            summary = "Remove a job",
            description =
                    "Its runs are kept, and those that were asked for go on. One that labels define comes with them."
                            + OPERATOR)
    @APIResponse(responseCode = "204", description = "It is gone")
    public void delete(@Context RoutingContext context, @PathParam("id") String id, @PathParam("job") String job) {
        Workload workload = operated(context);
        Parameters.of(context);
        services.jobs().delete(workload.id(), JobPaths.job(job));
    }

    private static JobDefinition changed(JobDefinition known, ObjectNode patch) {
        ObjectNode merged = JSON.valueToTree(known);
        MergePatch.apply(merged, patch);
        try {
            return JsonBody.read(new ByteArrayInputStream(JSON.writeValueAsBytes(merged)), JobRequest.class)
                    .definition(known.id());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a job is plain data", e);
        }
    }

    private static Response created(Job job) {
        return Response.created(
                        URI.create(JobPaths.of(job.workload(), job.definition().id())))
                .entity(JobAnswer.of(job, true))
                .build();
    }

    private static WorkloadId workload(RoutingContext context) {
        return Scope.id(context);
    }

    private static Workload operated(RoutingContext context) {
        Scope.caller(context).require(Role.OPERATOR);
        return Scope.workload(context);
    }

    private static boolean seesValues(RoutingContext context) {
        return Scope.caller(context).role().compareTo(Role.OPERATOR) >= 0;
    }
}
