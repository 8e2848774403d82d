package io.spyhop.jobs;

import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobParameter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes jobs that are like a plain one but for what a test is about. */
public final class JobExamples {
    /** What may differ. */
    public static final class Draft {
        public String id = "nightly";
        public String name = "Nightly";
        public JobMode mode = JobMode.RUN;
        public JobCommand command = new JobCommand(List.of("sh", "-c", "echo hi"), null);
        public Map<String, String> env = Map.of();
        public List<JobParameter> parameters = List.of();
        public @Nullable String image;
        public @Nullable String workingDirectory;
        public long timeoutSeconds;
        public int retries;
        public long retryBackoffSeconds = 5;
        public String concurrency = JobDefinition.ALLOW;
        public @Nullable String schedule;
        public String timeZone = "UTC";
        public String missed = JobDefinition.SKIP;
        public boolean enabled = true;

        private Draft() {}
    }

    private JobExamples() {}

    /** A plain job. */
    public static JobDefinition plain() {
        return job(draft -> {});
    }

    /** A job that is a little different. */
    public static JobDefinition job(Consumer<Draft> difference) {
        Draft draft = new Draft();
        difference.accept(draft);
        return new JobDefinition(
                draft.id,
                draft.name,
                draft.mode,
                draft.command,
                draft.env,
                draft.parameters,
                draft.image,
                draft.workingDirectory,
                draft.timeoutSeconds,
                draft.retries,
                draft.retryBackoffSeconds,
                draft.concurrency,
                draft.schedule,
                draft.timeZone,
                draft.missed,
                draft.enabled);
    }

    /** A parameter without a description. */
    public static JobParameter parameter(String name, @Nullable String defaultValue, @Nullable String pattern) {
        return new JobParameter(name, defaultValue, pattern, null);
    }
}
