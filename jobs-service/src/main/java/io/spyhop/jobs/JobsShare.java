package io.spyhop.jobs;

import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.WorkloadShare;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.Readiness;

/** The workloads that this replica of jobs-service owns. Ready once it knows them; tells how many. */
@Readiness
@Singleton
class JobsShare extends WorkloadShare {
    @Inject
    JobsShare(KafkaConfig kafka, SpyhopConfig spyhop) {
        super("jobs-service", kafka, spyhop);
    }
}
