package io.spyhop.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.stream.ClientGoneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<EventReader> readers = new ArrayList<>();
    private FakeTopic topic = new FakeTopic(new Random(1));
    private EventFeed feed = new EventFeed(topic::open);

    /** A client that remembers what it got, and can stop reading. */
    private static final class Client implements EventWriter {
        private static final int PERMITS = 1_000_000;
        final List<String> seen = new CopyOnWriteArrayList<>();
        final List<String> ids = new CopyOnWriteArrayList<>();
        final List<String> keptAlive = new CopyOnWriteArrayList<>();
        final Semaphore reads = new Semaphore(PERMITS);
        final AtomicInteger gaps = new AtomicInteger();
        volatile boolean ended;
        volatile boolean stopped;

        @Override
        public void write(String type, String id, String data) throws InterruptedException {
            reads.acquire();
            if (stopped) {
                throw new ClientGoneException();
            }
            JsonNode json = json(data);
            assertThat(json.path("type").asText()).isEqualTo(type);
            seen.add(json.path("workload").asText() + "/"
                    + json.path("containerId").asText());
            ids.add(id);
        }

        void stall() {
            reads.drainPermits();
        }

        void readOn() {
            reads.release(PERMITS);
        }

        @Override
        public void keepAlive(@Nullable String id) {
            keptAlive.add(String.valueOf(id));
        }

        @Override
        public void gap() {
            gaps.incrementAndGet();
        }

        @Override
        public void stop() {
            stopped = true;
            reads.release();
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private static JsonNode json(String data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void end() {
        readers.forEach(EventReader::close);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSeeEverythingOnceInOrderWhenTheTailLosesAndRepeats(long seed) {
        // Given
        Random random = new Random(seed);
        topic = new FakeTopic(random);
        feed = new EventFeed(topic::open);
        topic.lost = 0.2;
        topic.repeated = 0.2;
        Client steady = open(null);
        Client slow = open(null);
        Client comingBack = open(null);
        await().until(() -> List.of(steady, slow, comingBack).stream().noneMatch(each -> each.keptAlive.isEmpty()));

        // When
        slow.stall();
        write(random, 1000);
        readers.get(2).close();
        await().until(() -> comingBack.ended);
        String last = comingBack.ids.isEmpty() ? comingBack.keptAlive.getLast() : comingBack.ids.getLast();
        write(random, 1000);
        Client back = open(EventCursor.read("id", last));
        write(random, 1000);
        slow.readOn();
        feed.tick();

        // Then
        assertComplete(steady.seen);
        assertComplete(slow.seen);
        List<String> both = new ArrayList<>(comingBack.seen);
        await().untilAsserted(() -> {
            List<String> all = new ArrayList<>(both);
            all.addAll(back.seen);
            assertOrder(all);
        });
    }

    @Test
    void shouldFindTheLastEventAtTheNextTickWhenTheTailLostIt() {
        // Given
        Client client = open(null);
        await().until(() -> !client.keptAlive.isEmpty());
        topic.lost = 1;
        topic.write(3, "acme", InstanceTransition.Type.STARTED);

        // When
        feed.tick();

        // Then
        await().untilAsserted(() -> assertThat(client.seen).containsExactly("w3/c0"));
    }

    @Test
    void shouldWriteOnlyWhatTheTokenMaySeeButMoveItsCursor() {
        // Given
        Client client = open(new EventFilter(caller("acme"), Set.of(), Set.of("crashed"), null), null);
        await().until(() -> !client.keptAlive.isEmpty());

        // When
        topic.write(0, "other", InstanceTransition.Type.CRASHED);
        topic.write(0, "acme", InstanceTransition.Type.STARTED);
        topic.write(0, "acme", InstanceTransition.Type.CRASHED);
        topic.write(0, "other", InstanceTransition.Type.CRASHED);

        // Then
        await().untilAsserted(() -> assertThat(client.seen).containsExactly("w0/c2"));
        await().untilAsserted(() -> {
            feed.tick();
            assertThat(EventCursor.read("id", client.keptAlive.getLast()).getFirst())
                    .isEqualTo(4);
        });
    }

    @Test
    void shouldSayThatSomethingIsMissingWhenTheTopicNoLongerHoldsIt() {
        // Given
        IntStream.range(0, 10).forEach(i -> topic.write(0, "acme", InstanceTransition.Type.STARTED));
        topic.holdFrom(6);

        // When
        Client client = open(java.util.Collections.nCopies(EventSource.PARTITIONS, 0L));

        // Then
        await().untilAsserted(() -> assertThat(client.seen).containsExactly("w0/c6", "w0/c7", "w0/c8", "w0/c9"));
        assertThat(client.gaps).hasValue(1);
    }

    @Test
    void shouldReadNothingOfTheTopicWhenNobodyListens() {
        // Given
        Client client = open(null);
        await().until(() -> !client.keptAlive.isEmpty());
        assertThat(topic.watched()).isTrue();

        // When
        readers.getFirst().close();

        // Then
        await().until(() -> client.ended && !topic.watched());
    }

    private void write(Random random, int count) {
        for (int i = 0; i < count; i++) {
            topic.write(random.nextInt(EventSource.PARTITIONS), "acme", InstanceTransition.Type.STARTED);
        }
    }

    private void assertComplete(List<String> seen) {
        await().untilAsserted(() -> assertOrder(seen));
    }

    /** Every record of every partition, in order. */
    private void assertOrder(List<String> seen) {
        List<Long> end = topic.end();
        assertThat(seen)
                .hasSize(Math.toIntExact(end.stream().mapToLong(each -> each).sum()));
        for (int p = 0; p < end.size(); p++) {
            String workload = "w" + p + "/";
            assertThat(seen.stream().filter(each -> each.startsWith(workload)).toList())
                    .isEqualTo(IntStream.range(0, Math.toIntExact(end.get(p)))
                            .mapToObj(i -> workload + "c" + i)
                            .toList());
        }
    }

    private Client open(@Nullable List<Long> start) {
        return open(new EventFilter(caller(null), Set.of(), Set.of(), null), start);
    }

    private Client open(EventFilter filter, @Nullable List<Long> start) {
        Client client = new Client();
        EventReader reader = new EventReader(feed, filter, client, start);
        readers.add(reader);
        Thread.ofVirtual().start(reader);
        return client;
    }

    private static Caller caller(@Nullable String org) {
        return new Caller(
                new UUID(0, 1),
                Optional.empty(),
                "t",
                Role.VIEWER,
                Optional.ofNullable(org).map(List::of));
    }
}
