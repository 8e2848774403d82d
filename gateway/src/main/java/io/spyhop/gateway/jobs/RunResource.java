package io.spyhop.gateway.jobs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunRequest;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
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

/** Has jobs run. */
@Path("/api/v1/workloads/{id}/jobs/{job}/run")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Jobs")
public class RunResource {
    private static final int ACCEPTED = 202;
    private static final String KEY = "Idempotency-Key";
    private static final Pattern KEY_TEXT = Pattern.compile("[!-~]{1," + JobLimits.KEY_LENGTH_MAX + "}");

    private final Services services;

    @Inject
    RunResource(Services services) {
        this.services = services;
    }

    /** Runs one. */
    @POST
    @Operation(
            summary = "Run a job",
            description =
                    "Answers at once; the run is queued. With `rerunOf` a run is repeated as it was; to repeat one with the job"
                            + " as it is now, give its parameters. Needs the role operator.")
    @Parameter(
            name = KEY,
            in = ParameterIn.HEADER,
            description = "The same key, within a day, is answered with the same run",
            schema = @Schema(type = SchemaType.STRING))
    @RequestBody(content = @Content(schema = @Schema(implementation = RunRequestBody.class)))
    @APIResponse(
            responseCode = "202",
            description = "The run",
            content = @Content(schema = @Schema(implementation = Run.class)))
    public Response run(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @PathParam("job") String job,
            InputStream body) {
        Caller caller = Scope.caller(context);
        caller.require(Role.OPERATOR);
        Parameters.of(context);
        RunRequestBody asked = JsonBody.readOptional(body, RunRequestBody.class).orElse(RunRequestBody.EMPTY);
        Workload workload = Scope.workload(context);
        RunRequest request = new RunRequest(
                workload.org(),
                caller.session().isPresent() ? Run.BY_DASHBOARD : Run.BY_API,
                caller.name(),
                asked.given(),
                key(context),
                asked.repeated());
        Run run = services.jobs().run(workload.id(), JobPaths.job(job), request);
        return Response.status(ACCEPTED)
                .location(URI.create(JobPaths.of(workload.id(), job) + "/runs/" + run.id()))
                .entity(run)
                .build();
    }

    private static @Nullable String key(RoutingContext context) {
        String key = context.request().getHeader(KEY);
        if (key != null && !KEY_TEXT.matcher(key).matches()) {
            throw SpyhopException.parameter(KEY, "1 to " + JobLimits.KEY_LENGTH_MAX + " printable ASCII characters");
        }
        return key;
    }
}
