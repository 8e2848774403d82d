package io.spyhop.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a container of {@link FakeEngine} is made of. Immutable. */
public record FakeBlueprint(
        String name,
        String image,
        Map<String, String> labels,
        boolean tty,
        String logDriver,
        List<Integer> publishedPorts,
        @Nullable Long memoryLimitBytes) {
    /** Copies the collections. */
    public FakeBlueprint {
        labels = Map.copyOf(labels);
        publishedPorts = List.copyOf(publishedPorts);
    }

    /** Nothing but a name. */
    public static FakeBlueprint named(String name) {
        return new FakeBlueprint(name, "fake:1", Map.of(), false, "json-file", List.of(), null);
    }

    /** With other labels. */
    public FakeBlueprint withLabels(Map<String, String> changed) {
        return new FakeBlueprint(name, image, changed, tty, logDriver, publishedPorts, memoryLimitBytes);
    }

    /** With another image. */
    public FakeBlueprint withImage(String changed) {
        return new FakeBlueprint(name, changed, labels, tty, logDriver, publishedPorts, memoryLimitBytes);
    }

    /** With a terminal or without. */
    public FakeBlueprint withTty(boolean changed) {
        return new FakeBlueprint(name, image, labels, changed, logDriver, publishedPorts, memoryLimitBytes);
    }

    /** With another log driver; {@code none} cannot be read. */
    public FakeBlueprint withLogDriver(String changed) {
        return new FakeBlueprint(name, image, labels, tty, changed, publishedPorts, memoryLimitBytes);
    }

    /** With ports of the host while it runs. */
    public FakeBlueprint withPublishedPorts(Integer... changed) {
        return new FakeBlueprint(name, image, labels, tty, logDriver, List.of(changed), memoryLimitBytes);
    }

    /** With a memory limit. */
    public FakeBlueprint withMemoryLimitBytes(long changed) {
        return new FakeBlueprint(name, image, labels, tty, logDriver, publishedPorts, changed);
    }
}
