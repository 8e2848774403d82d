package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.topic.HostRecord;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.engine.FakeEngine;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.TopicPublisher;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostOwnershipIT {
    private static final Set<String> HOSTS =
            Set.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p");

    @TempDir
    Path directory;

    @BeforeEach
    void settings() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    }

    @Test
    void shouldWatchEachHostOnceWhenReplicasComeAndGo() {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                FakeEngine engine = new FakeEngine();
                TopicPublisher publisher = new TopicPublisher(connection(broker, "p"))) {
            TopicAdmin.ensure(connection(broker, "p"), List.of(Topics.HOSTS), Duration.ofSeconds(30));
            for (String host : HOSTS) {
                publisher
                        .publishJson(Topics.HOSTS, RecordKey.ofHost(host), new HostRecord(host))
                        .join();
            }
            AtomicInteger told = new AtomicInteger();
            HostOwnership first = ownership(connection(broker, "0"), engine, told);
            first.start();
            await().until(() -> first.watched().size() == HOSTS.size() && first.ready());

            // When
            assertThat(told.get()).isGreaterThanOrEqualTo(HOSTS.size());
            told.set(0);
            try (HostOwnership second = ownership(connection(broker, "1"), engine, new AtomicInteger())) {
                second.start();
                await().until(() -> second.ready() && !second.watched().isEmpty());

                // Then
                await().untilAsserted(() -> {
                    assertThat(first.watched()).isNotEmpty();
                    assertThat(names(first, second)).containsExactlyElementsOf(new TreeSet<>(HOSTS));
                    assertThat(told).as("what it watches no longer").hasPositiveValue();
                });

                // When
                first.close();

                // Then
                assertThat(first.watched()).isEmpty();
                await().untilAsserted(() -> assertThat(names(second)).containsExactlyElementsOf(new TreeSet<>(HOSTS)));
            }
            await().until(() -> engine.openStreams() == 0);
        }
    }

    private static List<String> names(HostOwnership... replicas) {
        List<String> names = new ArrayList<>();
        for (HostOwnership replica : replicas) {
            replica.watched().forEach(watcher -> names.add(watcher.host()));
        }
        names.sort(null);
        return names;
    }

    private static KafkaConnection connection(EmbeddedBroker broker, String replica) {
        return new KafkaConnection(broker.bootstrapServers(), "health-crash-service", replica);
    }

    private static HostOwnership ownership(KafkaConnection connection, FakeEngine engine, AtomicInteger told) {
        return new HostOwnership(
                connection,
                HOSTS,
                host -> new HostWatcher(
                        host,
                        engine,
                        new FakeCatalogue(),
                        new RecordingAnnouncer(),
                        crash -> {},
                        new Selection(false),
                        Duration.ofSeconds(30),
                        new WatchMetrics(new SimpleMeterRegistry()),
                        Clock.systemUTC()),
                told::incrementAndGet);
    }
}
