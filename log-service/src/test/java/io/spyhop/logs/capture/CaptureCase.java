package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.FakeEngine;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.store.BatchPublisher;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What tests of captures of one workload share: a fake engine, and owners on a real database and broker. */
abstract class CaptureCase {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    ChunkStore store;

    @Inject
    BatchPublisher publisher;

    @Inject
    Evidence evidence;

    @Inject
    KeptWorkloads keptWorkloads;

    @Inject
    LogMetrics metrics;

    @Inject
    LogsApi logs;

    final FakeEngine engine = new FakeEngine();
    final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
    final DiskGuard disk = new DiskGuard(freeBytes::get);
    final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));
    /** What the owners see of the engine. */
    ContainerEngine seen = engine;

    /** How long a follow may bring nothing. */
    Duration silence = LogLimits.SILENCE;

    private final List<Owner> owners = new ArrayList<>();

    @AfterEach
    void stopOwners() throws InterruptedException {
        for (Owner owner : owners) {
            owner.stop();
        }
        engine.close();
    }

    final Owner owner() {
        Owner owner = new Owner();
        owners.add(owner);
        owner.capture.start();
        return owner;
    }

    final void awaitMessages(String... messages) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> line.get("message").textValue())
                        .containsExactly(messages));
        List<JsonNode> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).get("lineNo").longValue()).isEqualTo(i + 1);
        }
    }

    final void awaitMessage(String message) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> line.get("message").textValue())
                        .contains(message));
    }

    final void awaitCount(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lines()).hasSize(count));
    }

    final List<JsonNode> lines() {
        List<JsonNode> lines = new ArrayList<>();
        long after = 0;
        LinesPage page = logs.after(workload, after, LogsApi.PAGE_LINES_MAX);
        while (page.count() > 0) {
            new String(page.ndjson(), UTF_8).lines().forEach(row -> lines.add(parse(row)));
            page = logs.after(workload, page.through(), LogsApi.PAGE_LINES_MAX);
        }
        return lines;
    }

    private static JsonNode parse(String row) {
        try {
            return JSON.readTree(row);
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + row, e);
        }
    }

    final InstanceState state(String container, int index) {
        return told(container, index).state();
    }

    /** Ends a life and begins another; the former one's ending, as the watcher would tell it. */
    final InstanceTransition restart(InstanceState life, int exitCode) {
        Instant finished = Instant.ofEpochSecond(0, engine.clockNanos());
        engine.exitAndRestart(life.containerId(), exitCode);
        engine.start(life.containerId());
        return SomeInstance.of(workload, life.containerId())
                .exit(exitCode, false)
                .lived(life.startedAt(), finished)
                .transition(InstanceTransition.Type.EXITED, finished);
    }

    final InstanceTransition removal(String container) {
        return transition(
                container,
                InstanceTransition.Type.REMOVED,
                Instant.ofEpochSecond(0, engine.clockNanos()).plusSeconds(60),
                null);
    }

    final InstanceTransition transition(
            String container, InstanceTransition.Type type, Instant at, @Nullable Integer exitCode) {
        return told(container, 0).exit(exitCode, false).transition(type, at);
    }

    private SomeInstance told(String container, int index) {
        ContainerDetails details = engine.inspect(container).orElseThrow();
        return SomeInstance.of(workload, container)
                .named(details.name())
                .index(index)
                .image(details.image())
                .tty(details.tty())
                .exit(details.exitCode(), false)
                .created(details.createdAt())
                .lived(details.startedAt(), details.finishedAt());
    }

    /** One replica, as far as this workload goes. */
    final class Owner {
        final StoreLoop storeLoop = new StoreLoop(store, publisher, disk, metrics);
        final WorkloadCapture capture = new WorkloadCapture(
                workload,
                new CaptureContext(
                        store,
                        storeLoop,
                        publisher,
                        disk,
                        evidence,
                        keptWorkloads,
                        host -> seen,
                        metrics,
                        0,
                        silence,
                        idle -> false));
        final AtomicInteger acknowledged = new AtomicInteger();

        Owner() {
            storeLoop.start();
        }

        /** A new life, as the watcher tells it. */
        void lives(String container, int index) {
            InstanceState state = state(container, index);
            capture.changed(state);
            happens(transition(
                    container, InstanceTransition.Type.STARTED, Objects.requireNonNull(state.startedAt()), null));
        }

        InstanceTransition ends(String container, InstanceTransition.Type type, int exitCode) {
            Instant finished = Objects.requireNonNull(
                    engine.inspect(container).orElseThrow().finishedAt());
            InstanceTransition ending = transition(container, type, finished, exitCode);
            happens(ending);
            return ending;
        }

        void happens(InstanceTransition transition) {
            capture.happened(new PendingTransition(transition, acknowledged::incrementAndGet));
        }

        /** Lines that did not come from the engine. */
        void isSent(IngestRecord lines) {
            capture.ingested(new PendingIngest(lines, acknowledged::incrementAndGet));
        }

        void stop() throws InterruptedException {
            capture.stop();
            capture.join();
            storeLoop.stop();
        }
    }
}
