package io.spyhop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every engine does with containers that are made like others. */
public abstract class CloneContract {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** The engine under test. */
    protected abstract ContainerEngine engine();

    /** What a container is made of. */
    protected abstract ContainerSpec spec(String name);

    /** Labels by which a container is removed after the test. */
    protected abstract Map<String, String> labels();

    @Test
    void shouldMakeAContainerLikeAnotherAndTellOfItsEnd() throws Exception {
        // Given
        ContainerControl control = engine().control();
        String name = "spyhop-clone-" + UUID.randomUUID();
        ContainerTemplate template =
                control.template(control.create(spec(name + "-model"))).orElseThrow();
        control.remove(template.containerId());
        CloneChanges changes = new CloneChanges(
                name,
                template.imageId(),
                false,
                null,
                List.of("sleep", "1000"),
                Map.of("GREETING", "hello"),
                null,
                labels());

        // When
        ContainerClone clone = control.createLike(template, changes);
        boolean endedBefore = control.awaitEnd(clone.id(), Duration.ofSeconds(10));
        control.start(clone.id());
        boolean endedAlive = control.awaitEnd(clone.id(), Duration.ofMillis(100));
        control.signal(clone.id(), 9);
        boolean endedKilled = control.awaitEnd(clone.id(), LONG);
        ContainerDetails ended = engine().inspect(name).orElseThrow();
        Map.Entry<String, String> label = labels().entrySet().iterator().next();
        Set<String> labelled = control.labelled(label.getKey(), label.getValue());
        control.remove(clone.id());

        // Then
        assertThat(clone.envKeys()).contains("GREETING");
        assertThat(List.of(endedBefore, endedAlive, endedKilled)).containsExactly(true, false, true);
        assertThat(ended.id()).isEqualTo(clone.id());
        assertThat(ended.exitCode()).isEqualTo(137);
        assertThat(labelled).contains(clone.id());
        assertThat(control.awaitEnd(clone.id(), LONG)).isTrue();
        assertThat(control.template(clone.id())).isEmpty();
    }
}
