package io.spyhop.jobs.definition;

import static io.spyhop.jobs.JobExamples.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunRequest;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.JobsConnections;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers are told of on a real topic; their labels become jobs in a real database. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class LabelJobsIT {
    private static final Map<String, String> LABELS =
            Map.of("spyhop.job.backup.command", "backup --all", "spyhop.job.backup.schedule", "@daily");

    @Inject
    JobsApi api;

    @Inject
    JobsConnections connections;

    @Inject
    TriggerStore triggers;

    private final WorkloadId workload =
            new WorkloadId("it-" + UUID.randomUUID().toString().substring(0, 8));

    @BeforeEach
    void lookOften() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    }

    @Test
    void shouldKeepJobsAsTheLabelsOfTheNewestGenerationSayThem() throws Exception {
        // Given
        tell(1, InstanceStatus.RUNNING, LABELS);

        // When
        await().until(() -> jobs().containsKey("backup"));

        // Then
        Job made = api.find(workload, "backup");
        assertThat(made.source()).isEqualTo(Job.BY_LABEL);
        assertThat(made.definition().command().line()).isEqualTo("backup --all");
        assertThat(made.nextAt()).isNotNull();
        assertThatThrownBy(() -> api.delete(workload, "backup"))
                .isInstanceOf(SpyhopException.class)
                .hasMessageContaining("labels");

        // When: the next generation says something else; the older one is still there
        Map<String, String> others = new HashMap<>(LABELS);
        others.put("spyhop.job.backup.timeout", "10m");
        others.put("spyhop.job.tidy.command", "[\"tidy\"]");
        others.put("spyhop.job.broken.schedule", "@daily");
        tell(2, InstanceStatus.RUNNING, others);

        // Then
        await().until(() ->
                jobs().keySet().equals(Map.of("backup", 0, "tidy", 0).keySet()));
        assertThat(api.find(workload, "backup").definition().timeoutSeconds()).isEqualTo(600);
        assertThat(api.find(workload, "backup").revision()).isEqualTo(2);

        // When
        tell(3, InstanceStatus.RUNNING, Map.of());

        // Then
        await().until(() -> jobs().isEmpty());
    }

    @Test
    void shouldLetARequestWinWhenALabelSaysTheSameName() throws Exception {
        // Given
        JobDefinition asked = job(draft -> draft.id = "backup");
        api.create(workload, "default", asked);
        Map<String, String> labels = new HashMap<>(LABELS);
        labels.put("spyhop.job.tidy.command", "tidy");

        // When
        tell(1, InstanceStatus.RUNNING, labels);

        // Then
        await().until(() -> jobs().containsKey("tidy"));
        assertThat(jobs().get("backup")).isEqualTo(asked);
        assertThat(api.find(workload, "backup").source()).isEqualTo(Job.BY_API);
    }

    @Test
    void shouldKnowWhetherOneRunsWhenContainersComeAndGo() throws Exception {
        // Given
        api.create(workload, "default", job(draft -> {
            draft.id = "inside";
            draft.mode = JobMode.EXEC;
        }));
        tell(1, InstanceStatus.RUNNING, Map.of());
        await().until(() -> triggers.seen(workload).equals(Optional.of(true)));

        // When
        Run run = api.run(workload, "inside", new RunRequest("default", Run.BY_API, null, Map.of(), null, null));
        tell(1, InstanceStatus.EXITED, Map.of());

        // Then
        assertThat(run.mode()).isEqualTo(JobMode.EXEC);
        await().until(() -> triggers.seen(workload).equals(Optional.of(false)));
        assertThatThrownBy(() ->
                        api.run(workload, "inside", new RunRequest("default", Run.BY_API, null, Map.of(), null, null)))
                .isInstanceOf(SpyhopException.class)
                .hasMessageContaining("no instance of the workload runs");

        // When
        tell(2, InstanceStatus.RUNNING, Map.of());
        await().until(() -> triggers.seen(workload).equals(Optional.of(true)));
        remove(1);
        remove(2);

        // Then
        await().until(() -> triggers.seen(workload).equals(Optional.of(false)));
    }

    private Map<String, JobDefinition> jobs() {
        Map<String, JobDefinition> found = new HashMap<>();
        api.list(workload).items().forEach(job -> found.put(job.definition().id(), job.definition()));
        return found;
    }

    private void tell(int generation, InstanceStatus status, Map<String, String> labels) throws Exception {
        InstanceState state = state(generation, status, labels);
        connections
                .publisher()
                .publishJson(Topics.INSTANCES, state.key(), state)
                .get();
    }

    private void remove(int generation) throws Exception {
        connections
                .publisher()
                .publishJson(
                        Topics.INSTANCES,
                        state(generation, InstanceStatus.REMOVED, Map.of()).key(),
                        null)
                .get();
    }

    private InstanceState state(int generation, InstanceStatus status, Map<String, String> labels) {
        return SomeInstance.of(workload, workload + "-" + generation)
                .kind(Kind.SERVICE)
                .on("nowhere")
                .named("it")
                .generation(generation)
                .status(status)
                .image("it:1")
                .labels(labels)
                .lived(Instant.EPOCH, null)
                .state();
    }
}
