package io.spyhop.metrics;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.WorkloadWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The workloads that this replica of metrics-service owns. Ready once it knows them; tells how many. */
@Readiness
@ApplicationScoped
class MetricsShare implements HealthCheck {
    private static final String SERVICE = "metrics-service";

    private final WorkloadWatch watch;

    @Inject
    MetricsShare(Config config) {
        watch = new WorkloadWatch(
                KafkaConnection.configured(SERVICE, name -> config.getOptionalValue(name, String.class)));
    }

    void start(@Observes StartupEvent event) {
        watch.start();
    }

    void stop(@Observes ShutdownEvent event) {
        watch.close();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(SERVICE)
                .status(watch.ready())
                .withData("partitions", watch.partitionCount())
                .withData("workloads", watch.workloadCount())
                .withData("instances", watch.instanceCount())
                .build();
    }
}
