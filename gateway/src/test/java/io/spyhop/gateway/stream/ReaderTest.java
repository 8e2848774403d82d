package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.log.LineBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderTest extends ReaderCase {
    @Test
    void shouldReadHistoryThenLiveWhenStartedAfterALine() {
        // Given
        store.store(WORKLOAD, 2500);
        FakeClient client = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.After(10), client);
        awaitNumbers(client, 11, 2500);
        topic().publish(store.store(WORKLOAD, 5));

        // Then
        awaitNumbers(client, 11, 2505);
    }

    @Test
    void shouldBeginWithTheNewestLinesWhenATailIsAskedFor() {
        // Given
        store.store(WORKLOAD, 100);
        FakeClient client = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.Tail(7), client);
        awaitNumbers(client, 94, 100);
        topic().publish(store.store(WORKLOAD, 3));

        // Then
        awaitNumbers(client, 94, 103);
    }

    @Test
    void shouldShowOnlyWhatComesWhenNoStartIsGiven() {
        // Given
        store.store(WORKLOAD, 100);
        FakeClient client = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.Now(), client);
        await().untilAsserted(() -> assertThat(client.keptAlive()).containsExactly(100L));
        topic().publish(store.store(WORKLOAD, 2));

        // Then
        awaitNumbers(client, 101, 102);
    }

    @Test
    void shouldFetchTheHoleWhenABatchWasLost() {
        // Given
        FakeClient client = following(10);

        // When
        store.store(WORKLOAD, 5);
        topic().publish(store.store(WORKLOAD, 5));

        // Then
        awaitNumbers(client, 1, 20);
    }

    @Test
    void shouldDropAndCutWhenBatchesRepeatAndOverlap() {
        // Given
        FakeClient client = following(10);
        store.store(WORKLOAD, 10);

        // When
        topic().publish(FakeStore.batch(WORKLOAD, 5, 9));
        topic().publish(FakeStore.batch(WORKLOAD, 8, 14));
        topic().publish(FakeStore.batch(WORKLOAD, 8, 14));
        topic().publish(FakeStore.batch(WORKLOAD, 1, 20));

        // Then
        awaitNumbers(client, 1, 20);
    }

    @Test
    void shouldAskTheStoreWhenABatchComesWithoutItsLines() {
        // Given
        FakeClient client = following(3);
        LineBatch batch = store.store(WORKLOAD, 4);

        // When
        topic().publish(new LineBatch(WORKLOAD, batch.firstLine(), batch.lastLine(), 0, 0, batch.rawBytes(), null));

        // Then
        awaitNumbers(client, 1, 7);
    }

    @Test
    void shouldAskTheStoreWhenABatchIsBroken() {
        // Given
        FakeClient client = following(3);
        LineBatch batch = store.store(WORKLOAD, 4);

        // When
        topic().publish(new LineBatch(
                WORKLOAD, batch.firstLine(), batch.lastLine(), 0, 0, batch.rawBytes(), new byte[] {1, 2, 3}));

        // Then
        awaitNumbers(client, 1, 7);
    }

    @Test
    void shouldFindALostLastBatchByAskingTheStore() {
        // Given
        FakeClient client = following(3);
        store.store(WORKLOAD, 2);

        // When: at the first look it may be on its way.
        feeds.compare();
        feeds.compare();

        // Then
        awaitNumbers(client, 1, 5);
    }

    @Test
    void shouldPassOverWhatRetentionRemoved() {
        // Given
        store.store(WORKLOAD, 50);
        store.remove(WORKLOAD, 30);
        FakeClient client = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.After(10), client);

        // Then
        awaitNumbers(client, 31, 50);
        assertThat(client.gaps()).containsExactly("{\"from\":11,\"to\":30,\"reason\":\"retention\"}");
    }

    @Test
    void shouldTellAGapWhenEverythingWasRemoved() {
        // Given
        store.store(WORKLOAD, 50);
        store.remove(WORKLOAD, 50);
        FakeClient client = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.After(10), client);
        await().until(() -> !client.gaps().isEmpty());
        topic().publish(store.store(WORKLOAD, 2));

        // Then
        awaitNumbers(client, 51, 52);
        assertThat(client.gaps()).containsExactly("{\"from\":11,\"to\":50,\"reason\":\"retention\"}");
    }

    @Test
    void shouldBeCaughtUpFromTheStoreWhenAStalledClientReadsAgain() {
        // Given
        FakeClient slow = following(1);
        FakeClient quick = following(new Start.After(0), 1);
        slow.stall();

        // When
        for (int i = 0; i < 400; i++) {
            topic().publish(store.store(WORKLOAD, 100));
        }
        awaitNumbers(quick, 1, 40_001);
        assertThat(slow.numbers()).hasSizeLessThan(20_000);
        slow.readOn();

        // Then
        awaitNumbers(slow, 1, 40_001);
    }

    @Test
    void shouldAskTheStoreForNothingWhenAClientPausesForAWhile() {
        // Given
        FakeClient slow = following(1);
        FakeClient quick = following(new Start.After(0), 1);
        int before = store.asked();
        slow.stall();

        // When
        for (int i = 0; i < 30; i++) {
            topic().publish(store.store(WORKLOAD, 100));
        }
        awaitNumbers(quick, 1, 3001);
        slow.readOn();

        // Then
        awaitNumbers(slow, 1, 3001);
        assertThat(store.asked()).isEqualTo(before);
    }

    @Test
    void shouldWriteNothingMoreWhenAReaderThatDoesNotReadIsClosed() {
        // Given: as when its token is revoked.
        FakeClient client = following(3);
        client.stall();
        topic().publish(store.store(WORKLOAD, 2));
        await().until(client::waiting);

        // When
        readers.getLast().close();

        // Then
        await().until(client::ended);
        awaitNumbers(client, 1, 3);
    }

    @Test
    void shouldWaitAndGoOnWhenTheStoreIsAway() {
        // Given
        FakeClient client = following(3);
        store.away(true);
        store.store(WORKLOAD, 2);
        topic().publish(store.store(WORKLOAD, 2));
        await().until(() -> metrics.storeFailures() > 0);
        feeds.tick();
        await().until(() -> client.keptAlive().contains(3L));

        // When
        store.away(false);

        // Then
        awaitNumbers(client, 1, 7);
    }

    @Test
    void shouldEndAndStopWatchingWhenTheClientGoes() {
        // Given
        FakeClient client = following(3);

        // When
        readers.getFirst().close();

        // Then
        await().until(client::ended);
        await().until(() -> topic().watched.isEmpty());
        assertThat(feeds.followed(WORKLOAD)).isFalse();
    }

    @Test
    void shouldFetchAHoleOnceForManyReaders() {
        // Given
        List<FakeClient> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(following(new Start.Now(), 0));
        }
        await().until(() ->
                clients.stream().noneMatch(client -> client.keptAlive().isEmpty()));
        int before = store.asked();

        // When
        store.store(WORKLOAD, 5);
        topic().publish(store.store(WORKLOAD, 5));
        await().until(() -> clients.stream().allMatch(client -> client.count() == 10));
        clients.forEach(client -> awaitNumbers(client, 1, 10));

        // Then
        // One page of lines for all; the empty page at the end is asked for by each.
        assertThat(store.asked() - before).isLessThanOrEqualTo(clients.size() + 20);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldGiveEachLineOnceWhateverTheTopicDoes(long seed) {
        // Given
        Random random = new Random(seed);
        List<FakeClient> clients = new ArrayList<>();
        store.store(WORKLOAD, random.nextInt(3000));
        List<LineBatch> recent = new ArrayList<>();

        // When
        long last = 0;
        for (int step = 0; step < 400; step++) {
            LineBatch batch = store.store(WORKLOAD, 1 + random.nextInt(60));
            last = batch.lastLine();
            recent.add(batch);
            if (clients.size() < 6 && random.nextInt(20) == 0) {
                clients.add(following(new Start.After(0), 0));
            }
            switch (random.nextInt(8)) {
                // Lost.
                case 0 -> {}
                // Late and twice.
                case 1 -> publish(recent.get(random.nextInt(recent.size())), random);
                case 2 -> {
                    feeds.tick();
                    feeds.compare();
                }
                case 3 -> {
                    clients.stream()
                            .skip(random.nextInt(clients.size() + 1))
                            .findFirst()
                            .ifPresent(FakeClient::stall);
                    publish(batch, random);
                }
                case 4 -> {
                    clients.forEach(FakeClient::readOn);
                    publish(batch, random);
                }
                case 5 -> store.away(random.nextBoolean());
                // Overlapping what came before.
                case 6 -> publish(FakeStore.batch(WORKLOAD, Math.max(1, batch.firstLine() - 70), last), random);
                default -> publish(batch, random);
            }
        }
        store.away(false);
        clients.forEach(FakeClient::readOn);
        feeds.compare();
        feeds.compare();

        // Then
        long end = last;
        assertThat(clients).isNotEmpty();
        clients.forEach(client -> await().untilAsserted(() -> {
            client.readOn();
            assertThat(client.count()).isEqualTo((int) end);
        }));
        clients.forEach(client -> awaitNumbers(client, 1, end));
    }
}
