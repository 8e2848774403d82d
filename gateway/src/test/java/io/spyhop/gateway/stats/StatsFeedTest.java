package io.spyhop.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.gateway.FakeCatalogue;
import io.spyhop.gateway.FakeUsage;
import io.spyhop.gateway.stream.ClientGoneException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The feed and its readers, with clients in memory. */
class StatsFeedTest {
    private static final String IDLE = "event: idle\ndata: {\"reason\":\"nothing-runs\"}\n\n";

    private final FakeUsage usage = new FakeUsage();
    private final FakeCatalogue catalogue = new FakeCatalogue();
    private final StatsFeed feed = new StatsFeed(
            () -> usage,
            () -> catalogue,
            JsonMapper.builder().findAndAddModules().build());
    private final List<StatsReader> readers = new ArrayList<>();

    @AfterEach
    void end() {
        readers.forEach(StatsReader::close);
    }

    @Test
    void shouldAskOnceForAllThatIsWatchedAndNotAtAllWhenNobodyWatches() {
        // Given
        uses("acme-app", 1);
        uses("acme-shop", 2);
        feed.poll();
        Client first = watch("acme-app");
        Client second = watch("acme-app");
        Client third = watch("acme-shop");

        // When
        feed.poll();

        // Then
        await().untilAsserted(() -> {
            assertThat(first.cpus()).containsExactly("1.0");
            assertThat(second.cpus()).containsExactly("1.0");
            assertThat(third.cpus()).containsExactly("2.0");
        });
        assertThat(usage.asked())
                .singleElement()
                .satisfies(asked -> assertThat(asked)
                        .containsExactlyInAnyOrder(new WorkloadId("acme-app"), new WorkloadId("acme-shop")));
        feed.endAll();
        await().until(() -> first.ended() && second.ended() && third.ended());
        feed.poll();
        assertThat(usage.asked()).hasSize(1);
    }

    @Test
    void shouldAskInPiecesWhenMoreIsWatchedThanOneQuestionTakes() {
        // Given
        for (int i = 0; i < 501; i++) {
            watch("w-" + i);
        }

        // When
        feed.poll();

        // Then
        assertThat(usage.asked()).extracting(List::size).containsExactly(500, 1);
    }

    @Test
    void shouldSayOnceThatNothingRunsAndGoOnWhenSomethingDoes() {
        // Given
        Client client = watch("other-web");

        // When
        feed.poll();
        await().until(() -> client.events().contains(IDLE));
        feed.poll();
        Client later = watch("other-web");
        feed.poll();
        uses("other-web", 7);
        feed.poll();

        // Then
        await().untilAsserted(() -> {
            assertThat(client.cpus()).containsExactly("7.0");
            assertThat(later.cpus()).containsExactly("7.0");
        });
        assertThat(client.events()).filteredOn(IDLE::equals).hasSize(1);
    }

    @Test
    void shouldWaitAndTellNothingOldWhenItRunsAndNobodyMeasuresIt() {
        // Given
        Client client = watch("acme-app");
        uses("acme-app", 1);
        feed.poll();
        await().until(() -> client.events().size() == 1);

        // When
        usage.setAway(true);
        feed.poll();
        Client second = watch("acme-app");
        usage.reset();
        feed.poll();
        feed.tick();

        // Then
        await().until(() -> second.events().contains(": keep-alive\n\n"));
        assertThat(second.events()).containsOnly(": keep-alive\n\n");
        assertThat(client.events()).doesNotContain(IDLE);
    }

    @Test
    void shouldGiveOnlyTheLatestWhenAClientIsSlow() {
        // Given
        Client client = watch("acme-app");
        client.block();
        uses("acme-app", 1);
        feed.poll();
        await().until(client::waits);

        // When
        for (int cpu = 2; cpu <= 9; cpu++) {
            uses("acme-app", cpu);
            feed.poll();
        }
        client.unblock();

        // Then
        await().until(() -> client.events().size() == 2);
        assertThat(client.cpus()).containsExactly("1.0", "9.0");
    }

    private void uses(String workload, double cpu) {
        usage.set(FakeUsage.of(workload, "acme", "local", 0, FakeUsage.usage(cpu, 1, 64, true, null)));
    }

    private Client watch(String workload) {
        Client client = new Client();
        StatsReader reader = new StatsReader(feed, new WorkloadId(workload), client);
        readers.add(reader);
        feed.join(reader);
        Thread.ofVirtual().start(reader);
        return client;
    }

    private static final class Client implements StatsWriter {
        private final List<String> events = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean waiting;
        private volatile boolean stopped;
        private volatile boolean ended;

        void block() {
            gate = new CountDownLatch(1);
        }

        void unblock() {
            gate.countDown();
        }

        boolean waits() {
            return waiting;
        }

        boolean ended() {
            return ended;
        }

        List<String> events() {
            return events;
        }

        List<String> cpus() {
            return events.stream()
                    .filter(event -> event.startsWith("data: "))
                    .map(event -> event.replaceFirst("(?s).*?\"cpuPct\":([0-9.]+).*", "$1"))
                    .toList();
        }

        @Override
        public void send(Buffer event) throws InterruptedException {
            waiting = true;
            gate.await();
            waiting = false;
            if (stopped) {
                throw new ClientGoneException();
            }
            events.add(event.toString());
        }

        @Override
        public void stop() {
            stopped = true;
            gate.countDown();
        }

        @Override
        public void end() {
            ended = true;
        }
    }
}
