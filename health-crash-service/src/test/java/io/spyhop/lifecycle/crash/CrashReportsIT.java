package io.spyhop.lifecycle.crash;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.crash.ContainerLimits;
import io.spyhop.contracts.crash.Crash;
import io.spyhop.contracts.crash.CrashPage;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.crash.CrashesApi;
import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.metric.UsageEvidence;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerSetup;
import io.spyhop.engine.DockerContainers;
import io.spyhop.lifecycle.watch.CrashFacts;
import io.spyhop.lifecycle.watch.CrashRecorder;
import io.spyhop.lifecycle.watch.EmbeddedParts;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports on a real database, broker and engine. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class CrashReportsIT {
    private static final Instant END = Instant.parse("2026-11-22T03:04:05.123456789Z");

    @Inject
    CrashRecorder recorder;

    @Inject
    CrashStore store;

    @Inject
    CrashReader reader;

    @Inject
    CrashesApi api;

    @Inject
    @DataSource("lifecycle")
    AgroalDataSource dataSource;

    @Inject
    KafkaConfig kafka;

    @Inject
    SpyhopConfig spyhop;

    private final WorkloadId workload =
            new WorkloadId("it-" + UUID.randomUUID().toString().substring(0, 8));

    @BeforeEach
    void awaitReadiness() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        await().until(() -> given().get("/readyz").statusCode() == 200);
    }

    @Test
    void shouldKnowAtOnceWhatTheWatcherKnows() {
        // When
        recorder.record(facts("c1", END, 137, new OomEvidence(true, "event", END, true, null)));

        // Then
        CrashReport report = api.find(workload, 1);
        Crash crash = report.crash();
        assertThat(crash.at()).isEqualTo(END);
        assertThat(crash.exitCode()).isEqualTo(137);
        assertThat(crash.signal()).isEqualTo("SIGKILL");
        assertThat(crash.oomKilled()).isTrue();
        assertThat(crash.complete()).isFalse();
        assertThat(crash.group()).isNull();
        assertThat(report.oom()).isEqualTo(new OomEvidence(true, "event", END, true, null));
        assertThat(report.limits()).isEqualTo(new ContainerLimits(64L << 20, 1.5, 100L));
        assertThat(report.envKeys()).containsExactly("PATH", "TOKEN");
        assertThat(report.imageDigest()).isEqualTo("sha256:0123");
        assertThat(report.restartInMillis()).isEqualTo(400);
        assertThat(report.ndjson()).isNull();
        assertThat(report.usages()).isNull();
    }

    @Test
    void shouldBeCompletedWhenEvidenceComesOverTheTopicAndComesAgain() {
        // Given
        recorder.record(facts("c1", END, 3, OomEvidence.NONE));
        recorder.record(facts("c1", END, 3, OomEvidence.NONE));
        try (TopicPublisher publisher =
                new TopicPublisher(KafkaConnection.configured("health-crash-service", kafka, spyhop))) {
            // When
            for (int i = 0; i < 2; i++) {
                LinesEvidence lines = lines("c1", END, "job 17 failed");
                publisher.publishJson(Topics.EVIDENCE, lines.key(), lines).join();
                UsageEvidence usages = usages("c1", END, 1L);
                publisher.publishJson(Topics.EVIDENCE, usages.key(), usages).join();
                publisher
                        .publishJson(Topics.EVIDENCE, usages.key(), Map.of("type", "of-a-later-version"))
                        .join();
            }
        }

        // Then
        await().until(() -> api.find(workload, 1).usages() != null);
        CrashReport report = api.find(workload, 1);
        assertThat(report.crash().complete()).isTrue();
        assertThat(report.crash().error()).isEqualTo("job 17 failed");
        assertThat(report.through()).isEqualTo(7);
        assertThat(report.ndjson()).contains("job 17 failed");
        assertThat(report.usages()).hasSize(1);
        assertThat(report.oom().cgroupKills()).isEqualTo(1);
        assertThat(crashes()).hasSize(1);
        assertThat(present(report.crash().group()).count()).isEqualTo(1);
    }

    @Test
    void shouldBeCompleteAtOnceWhenEvidenceCameFirst() throws SQLException {
        // Given
        store.add(usages("c1", END.minusNanos(1), null));
        store.add(lines("c1", END, "too early"));

        // When
        recorder.record(facts("c1", END, 3, OomEvidence.NONE));

        // Then
        CrashReport report = api.find(workload, 1);
        assertThat(report.crash().error()).isEqualTo("too early");
        assertThat(report.usages()).hasSize(1);
        assertThat(report.oom().cgroupKills()).isNull();
    }

    @Test
    void shouldGroupWhatIsEqualButForWhatVaries() throws SQLException {
        // When
        for (int i = 1; i <= 3; i++) {
            Instant end = END.plusSeconds(600L * i);
            recorder.record(facts("c1", end, i == 3 ? 4 : 3, OomEvidence.NONE));
            store.add(lines("c1", end, "job " + i + " failed"));
        }

        // Then
        List<Crash> crashes = crashes();
        assertThat(crashes).extracting(Crash::n).containsExactly(3, 2, 1);
        assertThat(crashes).extracting(crash -> present(crash.group()).count()).containsExactly(1L, 2L, 2L);
        assertThat(present(crashes.get(1).group()).firstN()).isEqualTo(1);
        assertThat(present(crashes.get(1).group()).fingerprint())
                .isEqualTo(present(crashes.get(2).group()).fingerprint());
        assertThat(crashes).noneMatch(Crash::crashLoop);
    }

    @Test
    void shouldBeCompletedAgainAndChangeItsGroupWhenMoreLinesComeLater() throws SQLException {
        // Given: the first of three, of which the others look like it as long as nothing more is known of them
        for (int i = 1; i <= 3; i++) {
            Instant end = END.plusSeconds(600L * i);
            recorder.record(facts("c1", end, 3, OomEvidence.NONE));
            store.add(lines("c1", end, "starting", 7, true));
            store.add(usages("c1", end, null));
        }
        String shared = present(crashes().getFirst().group()).fingerprint();
        assertThat(ended("c1", END.plusSeconds(600))).as("more may come").isFalse();

        // When: the rest of the first, and what is known already once more
        store.add(lines("c1", END.plusSeconds(600), "disk full", 9, null));
        store.add(lines("c1", END.plusSeconds(600), "starting", 7, true));

        // Then
        List<Crash> crashes = crashes();
        assertThat(crashes).extracting(Crash::error).containsExactly("starting", "starting", "disk full");
        assertThat(crashes).extracting(crash -> present(crash.group()).count()).containsExactly(2L, 2L, 1L);
        assertThat(present(crashes.get(0).group()).fingerprint()).isEqualTo(shared);
        assertThat(present(crashes.get(0).group()).firstN()).isEqualTo(2);
        assertThat(present(crashes.get(2).group()).firstN()).isEqualTo(1);
        assertThat(api.find(workload, 1).through()).isEqualTo(9);
        assertThat(ended("c1", END.plusSeconds(600))).isTrue();

        // When: all leave the group
        for (int i = 2; i <= 3; i++) {
            store.add(lines("c1", END.plusSeconds(600L * i), "disk full", 9, null));
        }

        // Then
        assertThat(crashes())
                .extracting(crash -> present(crash.group()).count())
                .containsOnly(3L);
        assertThat(groups()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheRestWhenItCameBeforeTheReport() throws SQLException {
        // Given
        store.add(lines("c1", END, "starting", 7, true));
        store.add(lines("c1", END, "disk full", 9, null));
        store.add(lines("c1", END, "starting", 7, true));

        // When
        recorder.record(facts("c1", END, 3, OomEvidence.NONE));

        // Then
        assertThat(api.find(workload, 1).crash().error()).isEqualTo("disk full");
    }

    @Test
    void shouldSaySoWhenItGoesRound() {
        // When
        for (int i = 0; i < 4; i++) {
            recorder.record(facts("c1", END.plusSeconds(100L * i), 1, OomEvidence.NONE));
        }

        // Then
        assertThat(crashes()).extracting(Crash::crashLoop).containsExactly(true, true, false, false);
    }

    @Test
    void shouldKeepTheNewestAndCountTheOthersWhenThereAreMany() throws SQLException {
        // When
        for (int i = 1; i <= 103; i++) {
            Instant end = END.plusSeconds(i);
            recorder.record(facts("c1", end, 1, OomEvidence.NONE));
            store.add(lines("c1", end, "again " + i));
        }

        // Then: pages, the group of all, and what is gone
        CrashPage first = api.list(workload, 60, null);
        CrashPage second = api.list(workload, 60, first.next());
        assertThat(first.items()).hasSize(60);
        assertThat(second.items()).hasSize(40);
        assertThat(second.next()).isNull();
        assertThat(second.items().getLast().n()).isEqualTo(4);
        assertThat(present(first.items().getFirst().group()).count()).isEqualTo(103);
        assertThatThrownBy(() -> api.find(workload, 3)).isInstanceOf(SpyhopException.class);
        assertThatThrownBy(() -> api.list(workload, 60, "x")).isInstanceOf(SpyhopException.class);
    }

    @Test
    void shouldReportWhenARealContainerCrashes() {
        try (DockerContainers containers = new DockerContainers()) {
            // When
            String name = "it-" + containers.label().substring(0, 8) + "-crash";
            String id = containers.run(
                    "--name=" + name,
                    DockerContainers.NO_NETWORK,
                    "--memory=32m",
                    "--cpus=0.5",
                    "--env=SECRET_KEY=do-not-keep",
                    DockerContainers.IMAGE,
                    "sh",
                    "-c",
                    "exit 139");

            // Then
            WorkloadId of = new WorkloadId(name);
            await().until(() -> !api.list(of, 10, null).items().isEmpty());
            CrashReport report = api.find(of, 1);
            assertThat(report.crash().containerId()).isEqualTo(id);
            assertThat(report.crash().exitCode()).isEqualTo(139);
            assertThat(report.crash().signal()).isEqualTo("SIGSEGV");
            assertThat(report.oom().killed()).isFalse();
            assertThat(report.oom().inspect()).isFalse();
            assertThat(report.limits().memoryBytes()).isEqualTo(32L << 20);
            assertThat(report.limits().cpus()).isEqualTo(0.5);
            assertThat(report.envKeys()).contains("SECRET_KEY");
            assertThat(report.toString()).doesNotContain("do-not-keep");
            assertThat(report.imageDigest()).startsWith("sha256:");
            assertThat(report.restartPolicy()).isEqualTo("no");
        }
    }

    @Test
    void shouldKeepNoEvidenceWhenALifeIsKnownToHaveEndedOtherwise() throws SQLException {
        try (DockerContainers containers = new DockerContainers()) {
            // Given
            String name = "it-" + containers.label().substring(0, 8) + "-exit";
            String id = containers.run("--name=" + name, DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "true");
            String address = "/internal/workloads/" + name;
            await().until(() -> "exited".equals(asked().get(address).path("status")));
            Instant end = Instant.parse(asked().get(address).path("instances[0].finishedAt"));

            // When: of that life, and of one that the catalogue does not know yet
            store.add(evidence(id, end));
            store.add(evidence(id, end.plusSeconds(10)));

            // Then
            assertThat(waiting(id)).isEqualTo(1);
            store.forgetEvidence(Instant.now().plusSeconds(1));
            assertThat(waiting(id)).isZero();
        }
    }

    private static RequestSpecification asked() {
        return given().header(InternalSecret.HEADER, EmbeddedParts.SECRET);
    }

    private int waiting(String container) throws SQLException {
        return count("select count(*) from lifecycle.crash_evidence where container_id = ?", container);
    }

    private int count(String sql, String of) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, of);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Whether all that is to be known of an end is stored. */
    private boolean ended(String container, Instant end) throws SQLException {
        return reader.complete(unique(container), end);
    }

    private int groups() throws SQLException {
        return count("select count(*) from lifecycle.crash_group where workload_id = ?", workload.value());
    }

    private LinesEvidence evidence(String container, Instant end) {
        return new LinesEvidence(LinesEvidence.TYPE, workload, "local", container, 0, null, end, 1, "", 0, null);
    }

    private List<Crash> crashes() {
        return api.list(workload, 100, null).items();
    }

    private static <T> T present(@Nullable T value) {
        assertThat(value).isNotNull();
        return java.util.Objects.requireNonNull(value);
    }

    private CrashFacts facts(String container, Instant at, int exitCode, OomEvidence oom) {
        InstanceState instance = SomeInstance.of(workload, unique(container))
                .status(InstanceStatus.CRASHED)
                .memoryLimit(64L << 20)
                .exit(exitCode, oom.killed())
                .restarts(2)
                .created(END.minusSeconds(60))
                .lived(at.minusSeconds(9), at)
                .state();
        ContainerSetup setup =
                new ContainerSetup("sha256:0123", List.of("PATH", "TOKEN"), 1.5, 100L, null, "on-failure");
        return new CrashFacts(instance, at, at.minusSeconds(9), exitCode, oom, setup, 2, Duration.ofMillis(400));
    }

    private LinesEvidence lines(String container, Instant end, String error) {
        return lines(container, end, error, 7, null);
    }

    private LinesEvidence lines(String container, Instant end, String error, long through, @Nullable Boolean partial) {
        String row = "{\"lineNo\":6,\"at\":\"%s\",\"stream\":\"stderr\",\"level\":\"stderr\",\"message\":\"%s\"}\n"
                .formatted(end, error);
        return new LinesEvidence(
                LinesEvidence.TYPE,
                workload,
                "local",
                unique(container),
                0,
                end.minusSeconds(9),
                end,
                through,
                row,
                0,
                partial);
    }

    private UsageEvidence usages(String container, Instant end, @Nullable Long oomEvents) {
        Usage usage = new Usage(
                end.minusSeconds(1), 12.5, 10, 64, true, 15.6, 1L, 2L, null, null, null, null, null, null, 1L);
        return new UsageEvidence(
                UsageEvidence.TYPE,
                workload,
                "local",
                unique(container),
                0,
                end.minusSeconds(9),
                end,
                oomEvents,
                List.of(usage));
    }

    /** Containers of this test alone. */
    private String unique(String container) {
        return workload.value() + "-" + container;
    }
}
