package io.spyhop.messaging;

import io.spyhop.contracts.setting.SpyhopConfig;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * The workloads that this replica of a service owns, from the application's start to its end. Its readiness check: up
 * once they are known; tells how many. A service makes it a bean of its own.
 */
public abstract class WorkloadShare implements HealthCheck {
    private final String service;
    private final WorkloadWatch watch;

    /** A share of the named service. */
    protected WorkloadShare(String service, KafkaConfig kafka, SpyhopConfig spyhop) {
        this.service = service;
        this.watch = new WorkloadWatch(KafkaConnection.configured(service, kafka, spyhop));
    }

    void start(@Observes Startup event) {
        watch.start();
    }

    void stop(@Observes Shutdown event) {
        watch.close();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(service)
                .status(watch.ready())
                .withData("partitions", watch.partitionCount())
                .withData("workloads", watch.workloadCount())
                .withData("instances", watch.instanceCount())
                .build();
    }
}
