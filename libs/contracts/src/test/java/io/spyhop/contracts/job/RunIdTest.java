package io.spyhop.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunIdTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void shouldBeProvedByWhatItWasMadeOfAndByNothingElse() {
        // Given
        RunProof proof = RunProof.create();

        // When
        RunId id = RunId.create(AT, proof);

        // Then
        assertThat(RunId.isValid(id.value())).isTrue();
        assertThat(id.isProvedBy(new RunProof(proof.value()))).isTrue();
        assertThat(id.isProvedBy(RunProof.create())).isFalse();
        assertThat(id.isProvedBy(new RunProof(id.value()))).isFalse();
        assertThat(proof.toString()).doesNotContain(proof.value());
    }

    @Test
    void shouldStayWhatItIsWhenItIsMadeAnewOfTheSame() {
        // When
        RunId id = RunId.create(AT, new RunProof("0123456789abcdef0123456789abcdef"));

        // Then: containers that were made by other versions have to be known
        assertThat(id.value()).isEqualTo("run-01jikdeb80ec9tuq5d863dvp");
    }

    @Test
    void shouldSortByAge() {
        // When
        RunId older = RunId.create(AT);
        RunId newer = RunId.create(AT.plusMillis(1));

        // Then
        assertThat(older).isLessThan(newer);
    }
}
