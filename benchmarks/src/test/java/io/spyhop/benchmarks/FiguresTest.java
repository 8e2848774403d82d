package io.spyhop.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.benchmarks.Figures.Figure;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldPrintMedianAndExtremesWhenMeasured() {
        // Given
        Figures figures = new Figures();
        Figure start = new Figure("start", "s", 2, "≤ 6");

        // When
        for (double value : new double[] {3, 1, 1000.5, 2, 5}) {
            figures.add(start, value);
        }

        // Then
        assertThat(figures.table()).endsWith("|---|\n| start, s | 3.00 | 1.00 | 1,000.50 | 5 | ≤ 6 |\n");
        assertThat(figures.median(start)).hasValue(3);
        assertThat(figures.median(new Figure("never measured", "s", 2, ""))).isEmpty();
    }

    @Test
    void shouldTakeSmallestThatCoversTheShareWhenAskedForQuantile() {
        // Given
        double[] values = new double[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = 100 - i;
        }

        // When
        double p99 = Figures.quantile(values, 0.99);

        // Then
        assertThat(p99).isEqualTo(99);
        assertThat(Figures.quantile(values, 0.5)).isEqualTo(50);
        assertThat(Figures.quantile(new double[] {7}, 0.99)).isEqualTo(7);
    }
}
