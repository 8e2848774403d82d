package io.spyhop.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobParameter;
import io.spyhop.gateway.request.JsonBody;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job as a client defines it. Everything but a command, and a name or an id, may be left out. Immutable. What is right about each
 * field jobs-service says; here it is made whole.
 */
@Schema(name = "JobRequest")
record JobRequest(
        @Nullable @Schema(description = "Small letters, digits and dashes; made of the name if missing", maxLength = 40)
        String id,

        @Nullable @Schema(description = "For people; the id if missing", maxLength = 200)
        String name,

        @Nullable
        @Schema(
                description =
                        "`run` (as if missing): in a fresh container made like the service's own; `exec`: inside the"
                                + " running instance",
                enumeration = {"run", "exec"})
        String mode,

        @Nullable
        @Schema(
                description = "A line for /bin/sh, or a list of arguments, which keeps the image's entrypoint",
                required = true,
                examples = "./migrate.sh --all")
        Object command,

        @Nullable @Schema(description = "Variables beside the service's own")
        Map<String, @Nullable String> env,

        @Nullable @Schema(description = "What may be given to a run, as environment variables of these names")
        List<@Nullable Parameter> parameters,

        @Nullable @Schema(description = "In place of the service's image; only in mode run")
        String image,

        @Nullable @Schema(description = "In place of the image's")
        String workingDirectory,

        @Nullable @Schema(description = "After so long an attempt is ended; 0 (as if missing) for never", minimum = "0")
        Long timeoutSeconds,

        @Nullable
        @Schema(description = "More attempts after one that failed or timed out", minimum = "0", maximum = "10")
        Integer retries,

        @Nullable
        @Schema(
                description = "Before the second attempt, 10 if missing; twice as long before each later one",
                minimum = "0")
        Long retryBackoffSeconds,

        @Nullable
        @Schema(
                description = "`forbid`: no run begins while one is queued or running; `allow` as if missing",
                enumeration = {"allow", "forbid"})
        String concurrency,

        @Nullable
        @Schema(
                description = "Five fields of cron, @hourly, @daily, @weekly, @monthly, @yearly, or @every 10m",
                examples = "30 4 * * 1-5")
        String schedule,

        @Nullable @Schema(description = "Of the schedule; UTC if missing", examples = "Europe/Berlin")
        String timeZone,

        @Nullable
        @Schema(
                description = "What becomes of times that passed while Spyhop was down; `skip` as if missing",
                enumeration = {"skip", "run-once"})
        String missed,

        @Nullable @Schema(description = "Whether the schedule counts; true if missing")
        Boolean enabled) {
    static final Pattern SLUG = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?");
    static final String SLUG_WANTED = "1 to 40 small letters, digits and dashes, no dash first or last";

    private static final int SLUG_LENGTH_MAX = 40;
    private static final long BACKOFF_SECONDS = 10;

    /** What may be given to a run. */
    @Schema(name = "JobParameterRequest")
    record Parameter(
            @Nullable @Schema(description = "Of the variable", required = true)
            String name,

            @JsonProperty("default") @Nullable @Schema(name = "default", description = "Without it one has to be given")
            String defaultValue,

            @Nullable @Schema(description = "Has to match the whole value; RE2 syntax")
            String pattern,

            @Nullable String description) {}

    @Override
    public String toString() {
        return "job " + id;
    }

    /**
     * Makes it whole.
     *
     * @param address the id in the address; null where it has none
     */
    JobDefinition definition(@Nullable String address) {
        String named = id == null ? address : id;
        if (named == null && name == null) {
            throw JsonBody.field("name", "1 to 200 characters");
        }
        String job = named == null ? slug(String.valueOf(name)) : named;
        if (!SLUG.matcher(job).matches()) {
            throw JsonBody.field("id", SLUG_WANTED);
        }
        if (address != null && !address.equals(job)) {
            throw JsonBody.field("id", "as in the address: a job keeps its id");
        }
        return new JobDefinition(
                job,
                name == null ? job : name,
                modeOf(),
                commandOf(),
                texts("env", env),
                parametersOf(),
                image,
                workingDirectory,
                timeoutSeconds == null ? 0 : timeoutSeconds,
                retries == null ? 0 : retries,
                retryBackoffSeconds == null ? BACKOFF_SECONDS : retryBackoffSeconds,
                concurrency == null ? JobDefinition.ALLOW : concurrency,
                schedule,
                timeZone == null ? "UTC" : timeZone,
                missed == null ? JobDefinition.SKIP : missed,
                enabled == null || enabled);
    }

    /** Texts by name, none of which is missing. */
    static Map<String, String> texts(String field, @Nullable Map<String, @Nullable String> given) {
        if (given == null) {
            return Map.of();
        }
        given.forEach((name, value) -> {
            if (value == null) {
                throw JsonBody.field(field + "." + name, "a text");
            }
        });
        return Map.copyOf(given);
    }

    private static String slug(String name) {
        String dashed = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = dashed.startsWith("-") ? dashed.substring(1) : dashed;
        cut = cut.length() > SLUG_LENGTH_MAX ? cut.substring(0, SLUG_LENGTH_MAX) : cut;
        return cut.endsWith("-") ? cut.substring(0, cut.length() - 1) : cut;
    }

    private JobMode modeOf() {
        try {
            return mode == null ? JobMode.RUN : JobMode.of(mode);
        } catch (IllegalArgumentException e) {
            throw JsonBody.field("mode", "run or exec");
        }
    }

    private JobCommand commandOf() {
        try {
            return JobCommand.of(command == null ? false : command);
        } catch (IllegalArgumentException e) {
            throw JsonBody.field("command", "a line for a shell, or a list of texts");
        }
    }

    private List<JobParameter> parametersOf() {
        return parameters == null
                ? List.of()
                : parameters.stream().map(JobRequest::parameter).toList();
    }

    private static JobParameter parameter(@Nullable Parameter given) {
        if (given == null || given.name() == null) {
            throw JsonBody.field("parameters", "each with a name");
        }
        return new JobParameter(given.name(), given.defaultValue(), given.pattern(), given.description());
    }
}
