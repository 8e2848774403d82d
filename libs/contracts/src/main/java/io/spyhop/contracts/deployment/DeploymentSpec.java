package io.spyhop.contracts.deployment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run as a managed deployment, checked by whoever took the request. Immutable. Its text shows neither the
 * command nor the environment, which may hold secrets.
 *
 * @param name for people; id and slug come from it
 * @param host where it is to run; null for the only one
 * @param command in place of the image's; empty for that
 * @param shell a line for a shell in place of entrypoint and command; null for none
 * @param port on which the program listens; null for the one that the image exposes, if it exposes one
 * @param memoryBytes the limit
 * @param cpus how many processors it may use; 0 for all
 * @param restart the engine's word for when it is started again
 * @param restartsMax of {@code on-failure}; 0 for any number
 * @param labels what else describes the workload, by names without their prefix
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentSpec(
        String name,
        String org,
        String image,
        @Nullable String host,
        List<String> command,
        @Nullable String shell,
        Map<String, String> env,
        @Nullable Integer port,
        long memoryBytes,
        double cpus,
        String restart,
        int restartsMax,
        Map<String, String> labels) {
    /** Copies the collections. */
    public DeploymentSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
    }

    /** The same on a host. */
    public DeploymentSpec at(String chosen) {
        return new DeploymentSpec(
                name, org, image, chosen, command, shell, env, port, memoryBytes, cpus, restart, restartsMax, labels);
    }

    /** The same without what need not be kept once the container is made. */
    public DeploymentSpec withoutSecrets() {
        return new DeploymentSpec(
                name,
                org,
                image,
                host,
                List.of(),
                null,
                Map.of(),
                port,
                memoryBytes,
                cpus,
                restart,
                restartsMax,
                labels);
    }

    @Override
    public String toString() {
        return "deployment " + name + " of " + image;
    }
}
