package io.spyhop.lifecycle.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeatsTest {
    @Test
    void shouldTakeTheLowestFreeIndexWhenNoneIsPreferred() {
        assertThat(index(List.of(), null)).isZero();
        assertThat(index(List.of(seat(0, InstanceStatus.RUNNING, ""), seat(2, InstanceStatus.RUNNING, "")), null))
                .isEqualTo(1);
    }

    @Test
    void shouldGiveAnIndexAgainWhenItsContainerHasEnded() {
        assertThat(index(List.of(seat(0, InstanceStatus.EXITED, ""), seat(1, InstanceStatus.RUNNING, "")), null))
                .isZero();
    }

    @Test
    void shouldTakeThePreferredIndexWhenItIsFree() {
        assertThat(index(List.of(seat(0, InstanceStatus.RUNNING, "1")), 4)).isEqualTo(4);
    }

    @Test
    void shouldTakeAnotherIndexWhenThePreferredOneIsTaken() {
        assertThat(index(List.of(seat(0, InstanceStatus.RUNNING, "")), 0)).isEqualTo(1);
    }

    @Test
    void shouldKeepTheIndexWhenComposeReplacesARunningContainer() {
        assertThat(index(List.of(seat(0, InstanceStatus.RUNNING, "1")), 0)).isZero();
    }

    @Test
    void shouldKeepTheIndexWhenTheNameIsGivenAgain() {
        assertThat(Seats.index(List.of(seat(0, InstanceStatus.RUNNING, "")), "local", "c0", null))
                .isZero();
        assertThat(Seats.index(List.of(seat(0, InstanceStatus.RUNNING, "")), "other", "c0", null))
                .isEqualTo(1);
    }

    private static int index(List<InstanceEntity> present, @Nullable Integer preferred) {
        return Seats.index(present, "local", "new", preferred);
    }

    private static InstanceEntity seat(int index, InstanceStatus status, String number) {
        return InstanceEntity.of(SomeInstance.of("web", "c" + index)
                .index(index)
                .status(status)
                .labels(number.isEmpty() ? Map.of() : Map.of("com.docker.compose.container-number", number))
                .state());
    }
}
