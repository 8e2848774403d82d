package io.spyhop.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a container is to be made of. Immutable. Its text does not show the environment, which may hold secrets.
 *
 * @param entrypoint in place of the image's; empty for that
 * @param command in place of the image's; empty for that
 * @param memoryBytes the limit; 0 for none
 * @param cpus how many processors it may use; 0 for all
 * @param port what it publishes; null for nothing
 */
public record ContainerSpec(
        String name,
        String image,
        List<String> entrypoint,
        List<String> command,
        Map<String, String> env,
        Map<String, String> labels,
        long memoryBytes,
        double cpus,
        Restart restart,
        @Nullable PublishedPort port) {
    /** Copies the collections. */
    public ContainerSpec {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
    }

    @Override
    public String toString() {
        return "container " + name + " of " + image;
    }

    /**
     * When the engine starts a container again that ended by itself.
     *
     * @param policy the engine's word: {@code no}, {@code on-failure}, {@code always} or {@code unless-stopped}
     * @param retriesMax of {@code on-failure}; 0 for any number
     */
    public record Restart(String policy, int retriesMax) {}

    /** A TCP port of the container that is reached by one of the host. */
    public record PublishedPort(String hostAddress, int hostPort, int containerPort) {}
}
