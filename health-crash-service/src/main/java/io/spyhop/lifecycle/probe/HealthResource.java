package io.spyhop.lifecycle.probe;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.health.HealthApi;
import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.health.WorkloadHealth;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.setting.Interval;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers for what was found out about workloads, whichever replica asks them. */
@ApplicationScoped
@RunOnVirtualThread
class HealthResource implements HealthApi {
    private final WorkloadsApi workloads;
    private final ProbeReader probes;
    private final SettingsStore settings;
    private final Prober prober;

    @Inject
    HealthResource(WorkloadsApi workloads, ProbeReader probes, SettingsStore settings, Prober prober) {
        this.workloads = workloads;
        this.probes = probes;
        this.settings = settings;
        this.prober = prober;
    }

    @Override
    public WorkloadHealth health(WorkloadId id, int limit) {
        if (limit < 1 || limit > PROBES_MAX) {
            throw SpyhopException.parameter("limit", "1 to " + PROBES_MAX);
        }
        Workload workload = workloads.find(id);
        List<Workload.Instance> instances =
                workload.instances().stream().limit(ProbeLimits.INSTANCES_MAX).toList();
        try {
            return WorkloadHealth.of(workload.status(), settings.find(id).orElse(null), probes.read(instances, limit));
        } catch (SQLException e) {
            throw away(e);
        }
    }

    @Override
    public HealthSettings set(WorkloadId id, HealthSettings wanted) {
        Workload workload = workloads.find(id);
        check(wanted);
        try {
            settings.set(workload.id(), wanted);
        } catch (SQLException e) {
            throw away(e);
        }
        prober.settingsChanged();
        return wanted;
    }

    private static void check(HealthSettings wanted) {
        within("port", wanted.port(), 1, 65_535);
        within("intervalSeconds", wanted.intervalSeconds(), 1, Interval.MAX.toSeconds());
        within("timeoutMs", wanted.timeoutMs(), ProbeLimits.TIMEOUT_MIN.toMillis(), ProbeLimits.TIMEOUT_MAX.toMillis());
        within("threshold", wanted.threshold(), 1, ProbeLimits.THRESHOLD_MAX);
        if (wanted.path() != null) {
            try {
                new ProbePath().convert(wanted.path());
            } catch (IllegalArgumentException e) {
                throw new SpyhopException(ErrorCode.BODY_INVALID, "path: " + e.getMessage(), e);
            }
        }
    }

    private static void within(String name, @Nullable Integer value, long least, long most) {
        if (value != null && (value < least || value > most)) {
            throw new SpyhopException(ErrorCode.BODY_INVALID, name + ": " + least + " to " + most);
        }
    }

    private static SpyhopException away(SQLException e) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database does not answer", e);
    }
}
