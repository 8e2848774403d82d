package io.spyhop.logs.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.Stream;
import io.spyhop.engine.LogGap;
import io.spyhop.logs.number.StreamPosition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GapLinesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String FIRST = "1970-01-01T00:00:01.000000000Z";
    private static final String THIRD = "1970-01-01T00:00:03.000000000Z";

    @Test
    void shouldTellWhatABackfillLeftOut() {
        // Given
        GapLines gaps = gaps(0);
        gaps.opened(false, 0, false);

        // When
        gaps.found(new LogGap(LogGap.Reason.BACKFILL, SECOND, 4096, 0));
        GapLines.Gap gap = gaps.before(3 * SECOND);

        // Then
        assertThat(gap)
                .isEqualTo(new GapLines.Gap(
                        3 * SECOND,
                        "[GAP] " + FIRST + ".." + THIRD + " older lines are not read at first sight",
                        "{\"from\":\"" + FIRST + "\",\"to\":\"" + THIRD
                                + "\",\"reason\":\"backfill\",\"bytes\":4096}"));
        assertThat(gaps.before(3 * SECOND)).isNull();
    }

    @Test
    void shouldTellAHoleAfterTheLastLineThatWasRead() {
        // Given
        GapLines gaps = gaps(0);
        gaps.opened(false, 0, false);
        gaps.before(SECOND);

        // When
        gaps.found(LogGap.of(LogGap.Reason.ROTATED));

        // Then
        assertThat(text(gaps.before(3 * SECOND)))
                .isEqualTo("[GAP] " + FIRST + ".." + THIRD + " the log was rotated before it was read");
    }

    @Test
    void shouldTellNothingOfAHoleThatIsFollowedByAStoredLineOrIsStoredItself() {
        // Given
        GapLines gaps = gaps(3 * SECOND);
        gaps.opened(true, SECOND, false);

        // When / Then: followed by a stored line
        gaps.found(LogGap.of(LogGap.Reason.BROKEN));
        gaps.repeated(SECOND);
        assertThat(gaps.before(2 * SECOND)).isNull();

        // When / Then: stored without the line that follows
        gaps.found(LogGap.of(LogGap.Reason.BROKEN));
        assertThat(gaps.before(3 * SECOND)).isNull();
    }

    @Test
    void shouldTellAHoleAtTheEndWithTheTimeOfTheLastLine() {
        // Given
        GapLines gaps = gaps(0);
        gaps.opened(false, SECOND, false);
        gaps.repeated(SECOND);

        // When
        gaps.found(LogGap.of(LogGap.Reason.EMPTIED));

        // Then
        assertThat(text(gaps.atEnd()))
                .isEqualTo(
                        "[GAP] " + FIRST + ".." + FIRST + " possible: the log was emptied, perhaps before it was read");
        assertThat(gaps.atEnd()).isNull();
    }

    @Test
    void shouldMissTheStoredLineOnlyUntilItComes() {
        // Given
        GapLines gaps = gaps(0);
        gaps.opened(false, SECOND, false);

        // When / Then
        assertThat(text(gaps.before(3 * SECOND))).contains("the log no longer has the last line that was read");

        // Given
        gaps.opened(true, SECOND, false);

        // When / Then
        gaps.repeated(SECOND);
        assertThat(gaps.before(4 * SECOND)).isNull();
    }

    @Test
    void shouldMissAStoredLineThatIsGoneWhateverTheClockSays() {
        // Given
        GapLines gaps = gaps(0);
        gaps.opened(true, 3 * SECOND, true);

        // When / Then
        assertThat(text(gaps.before(SECOND))).startsWith("[GAP] " + THIRD + ".." + FIRST + " possible");
        assertThat(gaps.before(SECOND)).isNull();
    }

    private static @Nullable String text(GapLines.@Nullable Gap gap) {
        return gap == null ? null : gap.text();
    }

    private static GapLines gaps(long gapAt) {
        return new GapLines(new StreamPosition(
                GapLines.positionOf("c"), Stream.SYSTEM, gapAt, gapAt == 0 ? 0 : 1, 0, gapAt == 0 ? 0 : 1));
    }
}
