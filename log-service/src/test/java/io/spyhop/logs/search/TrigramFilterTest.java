package io.spyhop.logs.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TrigramFilterTest {
    private static final String ROW = "{\"lineNo\":%d,\"at\":\"2026-11-22T03:04:05.123456789Z\",\"stream\":\"stdout\","
            + "\"level\":\"info\",\"message\":\"%s\"%s}\n";

    @Test
    void shouldHoldWhatIsSearchedInAnyCase() {
        byte[] filter =
                filter(ROW.formatted(1, "Payment \\\"Declined\\\" für x", ",\"fields\":{\"user\":{\"id\":\"Kim7\"}}")
                        + ROW.formatted(2, "second", ",\"instance\":3"));
        for (String text : new String[] {"payment", "declined", "für x", "\"user\":{", "kim7", "second", "", "zz"}) {
            assertThat(mayContain(filter, text)).as(text).isTrue();
        }
    }

    @Test
    void shouldLeaveOutWhatIsNotSearched() {
        byte[] filter = filter(ROW.formatted(1, "m", ",\"event\":\"shipped\",\"data\":{\"parcel\":1}"));
        for (String text : new String[] {"2026", "stdout", "info", "lineno", "shipped", "parcel"}) {
            assertThat(mayContain(filter, text)).as(text).isFalse();
        }
    }

    @Test
    void shouldBeSmallAndPassOverWhatIsNotThere() {
        // Given
        Random random = new Random(5);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; rows.length() < 300_000; i++) {
            rows.append(ROW.formatted(i, "GET /orders/" + random.nextInt(100_000) + " from 10.0.0." + i % 256, ""));
        }
        // When
        byte[] filter = filter(rows.toString());
        // Then
        assertThat(filter.length).isLessThan(rows.length() / 50);
        assertThat(mayContain(filter, "/orders/")).isTrue();
        for (String text : new String[] {"panic", "timeout", "refused", "nullpointer", "quartz"}) {
            assertThat(mayContain(filter, text)).as(text).isFalse();
        }
    }

    @Test
    void shouldTakeRowsOfAnyShape() {
        assertThat(mayContain(filter("{}\nnonsense\n{\"message\":\"never ends\\"), "ends"))
                .isTrue();
        assertThat(mayContain(filter(""), "abc")).isFalse();
    }

    private static byte[] filter(String rows) {
        byte[] bytes = rows.getBytes(UTF_8);
        return TrigramFilter.build(bytes, bytes.length);
    }

    private static boolean mayContain(byte[] filter, String text) {
        return TrigramFilter.mayContain(filter, text.getBytes(UTF_8));
    }
}
