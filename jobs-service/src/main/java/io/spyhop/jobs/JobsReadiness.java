package io.spyhop.jobs;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once this replica knows the workloads whose jobs it runs; tells how many. */
@Readiness
@ApplicationScoped
class JobsReadiness implements HealthCheck {
    private final JobsShare share;

    @Inject
    JobsReadiness(JobsShare share) {
        this.share = share;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("jobs-service")
                .status(share.ready())
                .withData("partitions", share.partitions().size())
                .withData("workloads", share.workloadCount())
                .withData("instances", share.instances().size())
                .build();
    }
}
