package io.spyhop.ports.detect;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the workloads of this replica's share are known; tells how many. */
@Readiness
@ApplicationScoped
class DetectReadiness implements HealthCheck {
    private final DetectShare share;

    @Inject
    DetectReadiness(DetectShare share) {
        this.share = share;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("port-detector")
                .status(share.ready())
                .withData("partitions", share.partitionCount())
                .withData("workloads", share.workloadCount())
                .withData("instances", share.instanceCount())
                .build();
    }
}
