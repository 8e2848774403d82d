package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workload as the API shows it: who it is, how it is, and its instances of the newest generation. Status, container,
 * port, image and times at the top are those of the instance with the lowest index. Immutable.
 *
 * @param health null until something asks the workload for its health
 * @param statusReason what is to be said of the status, such as why a deployment failed, or that the workload goes round in a crash
 *     loop; null where nothing is
 * @param managed whether Spyhop made its containers, and removes them when it is stopped
 * @param lastStop how the last stop by Spyhop went, null before the first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Workload(
        WorkloadId id,
        String name,
        String slug,
        Kind kind,
        InstanceStatus status,
        @Nullable String health,
        String org,
        @Nullable String project,
        @Nullable String deployment,
        @Nullable String service,
        @Nullable String worker,
        @Nullable String app,
        @Nullable String entityType,
        @Nullable String entityId,
        @Nullable String publicKey,
        @Nullable String publicUrl,
        @Nullable String registryUrl,
        @Nullable String image,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Integer lastExitCode,
        boolean lastOomKilled,
        int restartCount,
        @Nullable Integer hostPort,
        @Nullable String containerId,
        List<Instance> instances,
        @Nullable String statusReason,
        boolean managed,
        @Nullable Stop lastStop) {
    /** Copies the instances. */
    public Workload {
        instances = List.copyOf(instances);
    }

    /**
     * How a stop went.
     *
     * @param requestedAt when somebody asked for it
     * @param tookMs from the first signal until nothing of it lived; null until then
     * @param killed whether it had to be killed
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stop(Instant requestedAt, @Nullable Long tookMs, boolean killed) {}

    /** One container of the workload. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Instance(
            int index,
            int generation,
            InstanceStatus status,
            String host,
            String containerId,
            String containerName,
            String image,
            int restartCount,
            @Nullable Integer hostPort,
            @Nullable Integer exitCode,
            boolean oomKilled,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {}
}
