package io.spyhop.gateway.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.crash.CrashesApi;
import io.spyhop.contracts.deployment.DeploymentsApi;
import io.spyhop.contracts.health.HealthApi;
import io.spyhop.contracts.host.HostsApi;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.log.CaptureApi;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds each service when it is first asked, since some are made after the routes that will ask. Thread-safe. Every
 * failure is a {@code SpyhopException} that names what is away.
 */
@ApplicationScoped
public class Services {
    private static final String LIFECYCLE = "health-crash-service";
    private static final String JOBS = "jobs-service";
    private static final String LOGS = "log-service";
    private static final String METRICS = "metrics-service";

    private final Once<WorkloadsApi> workloads;
    private final Once<HostsApi> hosts;
    private final Once<CrashesApi> crashes;
    private final Once<DeploymentsApi> deployments;
    private final Once<LogsApi> logs;
    private final Once<CaptureApi> capture;
    private final Once<UsageApi> usage;
    private final Once<MetricsApi> metrics;
    private final Once<HealthApi> health;
    private final Once<JobsApi> jobs;

    /** Made when the first service proves to be of another process. */
    private final Once<RemoteServices> remote;

    @Inject
    Services(
            Instance<WorkloadsApi> workloads,
            Instance<HostsApi> hosts,
            Instance<CrashesApi> crashes,
            Instance<DeploymentsApi> deployments,
            Instance<LogsApi> logs,
            Instance<CaptureApi> capture,
            Instance<UsageApi> usage,
            Instance<MetricsApi> metrics,
            Instance<HealthApi> health,
            Instance<JobsApi> jobs,
            ServicesConfig config,
            InternalSecret secret,
            ObjectMapper json) {
        this.remote = new Once<>(() -> new RemoteServices(secret.value(), json));
        this.workloads = new Once<>(() -> find(workloads, WorkloadsApi.class, LIFECYCLE, config.healthCrashService()));
        this.hosts = new Once<>(() -> find(hosts, HostsApi.class, LIFECYCLE, config.healthCrashService()));
        this.crashes = new Once<>(() -> find(crashes, CrashesApi.class, LIFECYCLE, config.healthCrashService()));
        this.deployments =
                new Once<>(() -> find(deployments, DeploymentsApi.class, LIFECYCLE, config.healthCrashService()));
        this.logs = new Once<>(() -> find(logs, LogsApi.class, LOGS, config.logService()));
        this.capture = new Once<>(() -> find(capture, CaptureApi.class, LOGS, config.logService()));
        this.usage = new Once<>(() -> find(usage, UsageApi.class, METRICS, config.metricsService()));
        this.metrics = new Once<>(() -> find(metrics, MetricsApi.class, METRICS, config.metricsService()));
        this.health = new Once<>(() -> find(health, HealthApi.class, LIFECYCLE, config.healthCrashService()));
        this.jobs = new Once<>(() -> find(jobs, JobsApi.class, JOBS, config.jobsService()));
    }

    @PreDestroy
    void close() {
        RemoteServices opened = remote.value;
        if (opened != null) {
            opened.close();
        }
    }

    /** The catalogue of workloads. */
    public WorkloadsApi workloads() {
        return workloads.get();
    }

    /** The configured hosts. */
    public HostsApi hosts() {
        return hosts.get();
    }

    /** What is done with workloads. */
    public DeploymentsApi deployments() {
        return deployments.get();
    }

    /** Reports of crashes. */
    public CrashesApi crashes() {
        return crashes.get();
    }

    /** The stored lines. */
    public LogsApi logs() {
        return logs.get();
    }

    /** How logs are being read. */
    public CaptureApi capture() {
        return capture.get();
    }

    /** What containers use now. */
    public UsageApi usage() {
        return usage.get();
    }

    /** What containers used. */
    public MetricsApi metrics() {
        return metrics.get();
    }

    /** How workloads answer when they are asked. */
    public HealthApi health() {
        return health.get();
    }

    /** Jobs and their runs. */
    public JobsApi jobs() {
        return jobs.get();
    }

    private <T> T find(Instance<T> here, Class<T> api, String name, List<URI> urls) {
        return here.isResolvable() ? here.get() : remote.get().open(api, name, urls);
    }

    private static final class Once<T> {
        private final Supplier<T> source;
        private volatile @Nullable T value;

        Once(Supplier<T> source) {
            this.source = source;
        }

        T get() {
            T known = value;
            return known == null ? make() : known;
        }

        private synchronized T make() {
            T known = value;
            if (known == null) {
                known = source.get();
                value = known;
            }
            return known;
        }
    }
}
