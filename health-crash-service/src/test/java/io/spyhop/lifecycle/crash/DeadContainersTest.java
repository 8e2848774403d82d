package io.spyhop.lifecycle.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.EngineException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadContainersTest {
    private static final Instant END = Instant.parse("2026-11-22T03:00:00Z");
    private static final String OURS = "installation-1";

    private final Set<String> stored = new HashSet<>();
    private final Installation installation = new Installation();
    private final DeadContainers dead = new DeadContainers(installation, (container, at) -> stored.contains(container));

    @Test
    void shouldRemoveACrashedOneWhenItsReportIsComplete() throws SQLException {
        // Given
        InstanceState complete = instance("complete", OURS, InstanceStatus.CRASHED);
        InstanceState waits = instance("waits", OURS, InstanceStatus.CRASHED);
        stored.add("complete");

        // When
        Optional<Instant> next = dead.remove(List.of(complete, waits), END.plusSeconds(2));

        // Then
        assertThat(installation.removed).containsExactly("complete");
        assertThat(next).as("until nothing more is waited for").contains(END.plusSeconds(30));
    }

    @Test
    void shouldRemoveWhatHasDiedWhenNothingMoreComes() throws SQLException {
        // Given
        List<InstanceState> both = List.of(
                instance("crashed", OURS, InstanceStatus.CRASHED), instance("exited", OURS, InstanceStatus.EXITED));

        // When
        dead.remove(both, END.plusSeconds(29));
        assertThat(installation.removed).isEmpty();
        Optional<Instant> next = dead.remove(both, END.plusSeconds(30));

        // Then
        assertThat(installation.removed).containsExactly("crashed", "exited");
        assertThat(next).isEmpty();
    }

    @Test
    void shouldTouchNoneOfOthersAndNoneThatIsRestartedOrStopped() throws SQLException {
        // Given
        stored.addAll(List.of("foreign", "restarting", "stopped", "running"));

        // When
        Optional<Instant> next = dead.remove(
                List.of(
                        instance("foreign", "installation-2", InstanceStatus.CRASHED),
                        instance("restarting", OURS, InstanceStatus.RESTARTING),
                        instance("stopped", OURS, InstanceStatus.STOPPED),
                        instance("running", OURS, InstanceStatus.RUNNING)),
                END.plusSeconds(3600));

        // Then
        assertThat(installation.removed).isEmpty();
        assertThat(next).isEmpty();
    }

    @Test
    void shouldGoOnWithTheOthersWhenOneCannotBeRemoved() throws SQLException {
        // Given
        installation.refused = "first";

        // When
        Optional<Instant> next = dead.remove(
                List.of(
                        instance("first", OURS, InstanceStatus.EXITED),
                        instance("second", OURS, InstanceStatus.EXITED)),
                END.plusSeconds(60));

        // Then
        assertThat(installation.removed).containsExactly("second");
        assertThat(next).contains(END.plusSeconds(63));
    }

    private static final class Installation implements ManagedContainers {
        private final List<String> removed = new ArrayList<>();
        private String refused = "";

        @Override
        public boolean isOurs(InstanceState instance) {
            return OURS.equals(instance.labels().get(LABEL));
        }

        @Override
        public void remove(InstanceState instance) {
            if (instance.containerId().equals(refused)) {
                throw new EngineException("busy", null);
            }
            removed.add(instance.containerId());
        }
    }

    private static InstanceState instance(String container, String managedBy, InstanceStatus status) {
        return SomeInstance.of("web", container)
                .status(status)
                .labels(Map.of(ManagedContainers.LABEL, managedBy))
                .exit(1, false)
                .lived(END.minusSeconds(50), END)
                .state();
    }
}
