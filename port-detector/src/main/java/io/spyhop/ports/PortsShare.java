package io.spyhop.ports;

import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.WorkloadShare;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.Readiness;

/** The workloads that this replica of port-detector owns. Ready once it knows them; tells how many. */
@Readiness
@Singleton
class PortsShare extends WorkloadShare {
    @Inject
    PortsShare(KafkaConfig kafka, SpyhopConfig spyhop) {
        super("port-detector", kafka, spyhop);
    }
}
