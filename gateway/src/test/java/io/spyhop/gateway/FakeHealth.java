package io.spyhop.gateway;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.health.HealthApi;
import io.spyhop.contracts.health.HealthCheck;
import io.spyhop.contracts.health.HealthProbe;
import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.health.HealthTransition;
import io.spyhop.contracts.health.InstanceHealth;
import io.spyhop.contracts.health.WorkloadHealth;
import io.spyhop.contracts.workload.InstanceStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every workload has one unhealthy instance; what is set is kept. Thread-safe. */
@ApplicationScoped
public class FakeHealth implements HealthApi {
    static final Instant AT = Instant.parse("2026-11-22T03:04:05Z");

    private final Map<WorkloadId, HealthSettings> settings = new ConcurrentHashMap<>();

    @Override
    public WorkloadHealth health(WorkloadId id, int limit) {
        HealthProbe probe = new HealthProbe(AT, false, 1.5, "namespace", "status 503");
        return WorkloadHealth.of(
                InstanceStatus.UNHEALTHY,
                settings.get(id),
                List.of(new InstanceHealth(
                        0,
                        "c0",
                        InstanceStatus.UNHEALTHY,
                        4,
                        "namespace",
                        probe,
                        List.of(probe),
                        List.of(new HealthTransition(AT, "unhealthy", 3, "status 503")),
                        new HealthCheck("probe", 8080, "/health", 60, 2000, 3, null))));
    }

    @Override
    public HealthSettings set(WorkloadId id, HealthSettings wanted) {
        settings.put(id, wanted);
        return wanted;
    }
}
