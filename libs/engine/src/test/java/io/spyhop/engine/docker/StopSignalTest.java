package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopSignalTest {
    @Test
    void shouldReadEveryFormWhenImagesNameTheirSignal() {
        assertThat(StopSignal.number("SIGTERM")).isEqualTo(15);
        assertThat(StopSignal.number("QUIT")).isEqualTo(3);
        assertThat(StopSignal.number("sigsys")).isEqualTo(31);
        assertThat(StopSignal.number("28")).isEqualTo(28);
        assertThat(StopSignal.number("SIGRTMIN+3")).isEqualTo(37);
        assertThat(StopSignal.number("RTMAX-1")).isEqualTo(63);
    }

    @Test
    void shouldReadNothingWhenThereIsNoSignal() {
        assertThat(StopSignal.number("")).isNull();
        assertThat(StopSignal.number("SIGNONSENSE")).isNull();
    }
}
