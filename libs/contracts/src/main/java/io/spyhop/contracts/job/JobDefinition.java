package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job is: everything about it that a person may change. Each run keeps the one that it was made of. Immutable. Its text
 * shows neither the command nor the environment, which may hold secrets.
 *
 * @param id a slug, {@code [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?}, unique among the jobs of its workload
 * @param name for people, 1 to 200 characters
 * @param mode where it runs
 * @param env variables beside the service's own, in place of those of the same name
 * @param parameters what may be given to a run
 * @param image in place of the service's; null for that. Only in mode {@code run}
 * @param workingDirectory null for the image's
 * @param timeoutSeconds after so long an attempt is ended; 0 for never
 * @param retries how many more attempts follow one that failed or timed out, 0 to 10
 * @param retryBackoffSeconds before the second attempt, twice as long before each later one, an hour at most
 * @param concurrency {@code allow}, or {@code forbid}: no run begins while one of the job is queued or running
 * @param schedule five fields of cron, {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly} or {@code
 *     @every <duration>}; null for none
 * @param timeZone of the schedule, such as {@code Europe/Berlin}
 * @param missed what becomes of times that passed while Spyhop was down: {@code skip} or {@code run-once}
 * @param enabled whether its schedule counts
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobDefinition(
        String id,
        String name,
        JobMode mode,
        JobCommand command,
        Map<String, String> env,
        List<JobParameter> parameters,
        @Nullable String image,
        @Nullable String workingDirectory,
        long timeoutSeconds,
        int retries,
        long retryBackoffSeconds,
        String concurrency,
        @Nullable String schedule,
        String timeZone,
        String missed,
        boolean enabled) {
    /** A run may begin while another goes on. */
    public static final String ALLOW = "allow";

    /** It may not. */
    public static final String FORBID = "forbid";

    /** Missed times are passed over. */
    public static final String SKIP = "skip";

    /** One run makes up for all that were missed. */
    public static final String RUN_ONCE = "run-once";

    /** Copies the collections. */
    public JobDefinition {
        env = Map.copyOf(env);
        parameters = List.copyOf(parameters);
    }

    @Override
    public String toString() {
        return "job " + id;
    }
}
