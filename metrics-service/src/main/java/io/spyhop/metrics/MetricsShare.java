package io.spyhop.metrics;

import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.WorkloadShare;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.Readiness;

/** The workloads that this replica of metrics-service owns. Ready once it knows them; tells how many. */
@Readiness
@Singleton
class MetricsShare extends WorkloadShare {
    @Inject
    MetricsShare(KafkaConfig kafka, SpyhopConfig spyhop) {
        super("metrics-service", kafka, spyhop);
    }
}
