package io.spyhop.logs.capture;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the logs of this replica's share are being followed; tells how many. */
@Readiness
@ApplicationScoped
class CaptureReadiness implements HealthCheck {
    private final CaptureShare share;

    @Inject
    CaptureReadiness(CaptureShare share) {
        this.share = share;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("log-service")
                .status(share.ready())
                .withData("partitions", share.partitions().size())
                .withData("workloads", share.workloadCount())
                .withData("instances", share.instanceCount())
                .build();
    }
}
