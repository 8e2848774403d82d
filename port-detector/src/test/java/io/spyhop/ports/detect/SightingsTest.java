package io.spyhop.ports.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.engine.ListenSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SightingsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-25T12:00:00Z");

    private final Sightings sightings = new Sightings();
    private int second;

    @Test
    void shouldAnnounceWhatWasSeenTwiceAndTakeAwayWhatWasMissedTwice() {
        // When / Then: two sights
        assertThat(look(80)).isFalse();
        assertThat(sightings.isExpecting()).isTrue();
        assertThat(look(80)).isTrue();
        assertThat(sightings.isExpecting()).isFalse();
        assertThat(sightings.announced()).containsExactly(port(80, 1, 0));

        // When / Then: two misses
        assertThat(look()).isFalse();
        assertThat(sightings.announced()).hasSize(1);
        assertThat(look()).isTrue();
        assertThat(sightings.announced()).isEmpty();
        assertThat(sightings.gone()).containsExactly(new GonePort(80, at(1)));
    }

    @Test
    void shouldSeeTwiceInTheVerySameList() {
        // Given
        List<ListenSocket> same = sockets(80);

        // When / Then
        assertThat(sightings.look(same, at(0), false)).isFalse();
        assertThat(sightings.look(same, at(1), false)).isTrue();
        assertThat(sightings.look(same, at(2), false)).isFalse();
        assertThat(sightings.look(List.of(), at(3), false)).isFalse();
        assertThat(sightings.look(List.of(), at(4), false)).isTrue();
        assertThat(sightings.gone()).containsExactly(new GonePort(80, at(2)));
    }

    @Test
    void shouldTellNothingOfAPortThatFlaps() {
        // Given
        look(80, 443);
        look(80, 443);

        // When: one comes and goes, and so does one that was never announced
        List<Boolean> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            changes.add(look(80));
            changes.add(i % 2 == 0 ? look(80, 443) : look(80, 443, 8080));
        }

        // Then
        assertThat(changes).containsOnly(false);
        assertThat(sightings.announced()).extracting(ListeningPort::port).containsExactly(80, 443);
        assertThat(sightings.gone()).isEmpty();
    }

    @Test
    void shouldAnnounceAtOnceAtTheStartUnlessThePortIsOneThatSystemsGive() {
        // When / Then
        assertThat(sightings.look(sockets(80, 40_000), at(0), true)).isTrue();
        assertThat(sightings.announced()).extracting(ListeningPort::port).containsExactly(80);
        assertThat(sightings.look(sockets(80, 40_000), at(1), true)).isTrue();
        assertThat(sightings.announced()).extracting(ListeningPort::port).containsExactly(80, 40_000);
    }

    @Test
    void shouldTakeAwayAllAtTheEnd() {
        // Given
        look(80, 443);
        look(80, 443);
        look(80);

        // When
        boolean changed = sightings.end();

        // Then
        assertThat(changed).isTrue();
        assertThat(sightings.announced()).isEmpty();
        assertThat(sightings.gone()).containsExactly(new GonePort(80, at(2)), new GonePort(443, at(1)));
        assertThat(sightings.end()).isFalse();
    }

    @Test
    void shouldGoOnWithWhatWasAnnouncedBefore() {
        // Given
        sightings.goOn(List.of(port(80, 1, -100), port(443, 1, -50)), List.of(new GonePort(9, at(-200))), at(-20));

        // When / Then: one is there, the other has gone meanwhile
        assertThat(look(80)).isFalse();
        assertThat(look(80)).isTrue();
        assertThat(sightings.announced()).hasSize(1);
        assertThat(sightings.announced().getFirst().since()).isEqualTo(at(-100));
        assertThat(sightings.gone()).containsExactly(new GonePort(443, at(-20)), new GonePort(9, at(-200)));
    }

    @Test
    void shouldBeThereAgainWhenItComesBack() {
        // Given
        look(80);
        look(80);
        look();
        look();

        // When
        look(80);
        look(80);

        // Then
        assertThat(sightings.announced()).containsExactly(port(80, 1, 4));
        assertThat(sightings.gone()).isEmpty();
    }

    @Test
    void shouldBeginAnewWhenAnotherProgramTakesThePort() {
        // Given
        sightings.look(List.of(new ListenSocket(80, "0.0.0.0", false, null, null)), at(0), true);

        // When / Then: it is found out who it is, then it is another
        assertThat(sightings.look(sockets(80), at(1), true)).isTrue();
        assertThat(sightings.announced()).containsExactly(port(80, 1, 0));
        assertThat(sightings.look(List.of(new ListenSocket(80, "0.0.0.0", false, "p", 2L)), at(2), true))
                .isTrue();
        assertThat(sightings.announced()).containsExactly(port(80, 2, 2));
    }

    @Test
    void shouldRememberTheNewestOfManyThatAreGone() {
        // When: each second another port, of a program that never keeps one
        for (int i = 0; i < 1000; i++) {
            sightings.look(sockets(1000 + i), at(i), true);
        }

        // Then
        assertThat(sightings.gone()).hasSize(DetectLimits.GONE_MAX);
        assertThat(sightings.gone().getFirst()).isEqualTo(new GonePort(1997, at(997)));
    }

    @Test
    void shouldBearThousandsOfPorts() {
        // Given
        int[] many = IntStream.rangeClosed(1, 2000).toArray();

        // When / Then
        look(many);
        assertThat(look(many)).isTrue();
        assertThat(sightings.announced()).hasSize(2000);
    }

    private boolean look(int... ports) {
        return sightings.look(sockets(ports), at(second++), false);
    }

    private static List<ListenSocket> sockets(int... ports) {
        return Arrays.stream(ports)
                .mapToObj(port -> new ListenSocket(port, "0.0.0.0", false, "p", 1L))
                .toList();
    }

    private static ListeningPort port(int port, long pid, int since) {
        return new ListeningPort(port, ListeningPort.ALL, "127.0.0.1", "p", pid, at(since));
    }

    private static Instant at(int second) {
        return BEGIN.plusSeconds(second);
    }
}
