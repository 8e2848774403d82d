package io.spyhop.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.DockerContainers;
import io.spyhop.jobs.JobExamples;
import io.spyhop.jobs.JobsConnections;
import io.spyhop.jobs.JobsShare;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A service with one container on a real engine, whose jobs' runs the service under test does by itself. */
abstract class RunCase {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String HOST = "local";

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    @Inject
    RunStore store;

    @Inject
    TemplateStore templates;

    @Inject
    JobsConnections connections;

    @Inject
    JobsShare share;

    @Inject
    ObjectMapper json;

    final DockerContainers containers = new DockerContainers();
    final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));
    String service = "";
    private final List<RunId> asked = new ArrayList<>();

    @BeforeEach
    final void begin() {
        service = containers.run(
                DockerContainers.NO_NETWORK,
                "--env=OF_SERVICE=service",
                "--label=spyhop.stop.timeout=300ms",
                DockerContainers.IMAGE,
                "sleep",
                "1000");
        tell(service, state(service));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(templates.container(workload)).contains(service));
    }

    @AfterEach
    final void end() {
        tell(service, null);
        asked.forEach(run -> {
            for (int attempt = 1; attempt <= 3; attempt++) {
                engine().inspect(RunContainers.name(run, attempt))
                        .ifPresent(container -> engine().control().remove(container.id()));
            }
        });
        containers.close();
    }

    final JobDefinition job(String line, Consumer<JobExamples.Draft> difference) {
        return JobExamples.job(draft -> {
            draft.command = new JobCommand(List.of(), line);
            difference.accept(draft);
        });
    }

    final RunId ask(JobDefinition job, Map<String, String> parameters) {
        return made(rows().ask(workload, job, parameters));
    }

    /** Containers of this run are removed at the end. */
    final RunId made(RunId id) {
        asked.add(id);
        return id;
    }

    final Run awaitEnd(RunId id) {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> rows().run(id), run -> run.status().ended());
    }

    final void awaitRunning(RunId id) {
        await().atMost(PATIENCE)
                .until(() -> engine().inspect(RunContainers.name(id, 1))
                        .filter(ContainerDetails::alive)
                        .isPresent());
    }

    final RunRows rows() {
        return new RunRows(dataSource, store);
    }

    final ContainerEngine engine() {
        return connections.engine(HOST);
    }

    /** What the watcher tells of the service's container; null where it is gone. */
    final void tell(String container, @Nullable InstanceState state) {
        connections
                .publisher()
                .publishJson(Topics.INSTANCES, RecordKey.of(workload, container), state)
                .join();
    }

    final InstanceState state(String container) {
        ContainerDetails details = engine().inspect(container).orElseThrow();
        return SomeInstance.of(workload, container)
                .kind(Kind.SERVICE)
                .in("acme", null)
                .on(HOST)
                .named(details.name())
                .image(details.image())
                .labels(details.labels())
                .created(details.createdAt())
                .lived(details.startedAt(), null)
                .state();
    }
}
