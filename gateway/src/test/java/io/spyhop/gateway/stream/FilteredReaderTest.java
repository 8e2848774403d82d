package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.log.LineFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilteredReaderTest extends ReaderCase {
    @Test
    void shouldShowWhatMatchesAndMoveOverTheRestWhenFiltered() {
        // Given
        View needles = view("needle");
        FakeClient client = new FakeClient(Rendering.SSE);
        say(1, 10);
        store.remove(WORKLOAD, 3);

        // When
        follow(new Start.After(0), needles, client);
        awaitNumbers(client, List.of(5L, 10L));
        topic().publish(store.store(WORKLOAD, 7));
        topic().publish(say("a NEEDLE"));
        topic().publish(store.store(WORKLOAD, 7));
        awaitNumbers(client, List.of(5L, 10L, 18L));
        await().untilAsserted(() -> {
            feeds.tick();
            assertThat(client.keptAlive()).contains(25L);
        });

        // Then
        assertThat(client.gaps()).isEmpty();
        int asked = store.asked();
        topic().publish(say("needle"));
        awaitNumbers(client, List.of(5L, 10L, 18L, 26L));
        assertThat(store.asked()).as("live lines need no store").isEqualTo(asked);
    }

    @Test
    void shouldLookBackForTheNewestWhenATailIsFiltered() {
        // Given
        say(1, 100);
        store.examine(7);
        FakeClient client = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.Tail(3), view("needle"), client);
        awaitNumbers(client, List.of(90L, 95L, 100L));
        topic().publish(say("needle"));

        // Then
        awaitNumbers(client, List.of(90L, 95L, 100L, 101L));
        assertThat(client.keptAlive()).contains(100L);
    }

    @Test
    void shouldBeginAtATimeWhenOneIsGiven() {
        // Given
        say(1, 20);
        store.examine(3);
        FakeClient client = new FakeClient(Rendering.SSE);
        FakeClient late = new FakeClient(Rendering.SSE);

        // When
        follow(new Start.Since(15_000_000_000L), client);
        follow(new Start.Since(99_000_000_000L), late);

        // Then
        awaitNumbers(client, 15, 20);
        await().until(() -> late.keptAlive().contains(20L));
        topic().publish(say("new"));
        awaitNumbers(client, 15, 21);
        awaitNumbers(late, 21, 21);
    }

    @Test
    void shouldLeaveOutEscapesWhenAsked() {
        // Given
        FakeClient client = new FakeClient(Rendering.SSE);
        say("first " + ESCAPE + "[1mbold");

        // When
        follow(new Start.After(0), new View(LineFilter.ALL, true), client);
        awaitNumbers(client, 1, 1);
        topic().publish(say("second " + ESCAPE + "[1mbold"));

        // Then
        awaitNumbers(client, 1, 2);
        assertThat(client.text()).contains("\"first bold\"", "\"second bold\"");
    }
}
