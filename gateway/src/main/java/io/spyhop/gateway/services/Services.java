package io.spyhop.gateway.services;

import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;

/** Finds each service once. Thread-safe. Every failure is a {@code SpyhopException} that names what is away. */
@ApplicationScoped
public class Services {
    private final WorkloadsApi workloads;
    private final LogsApi logs;

    @Inject
    Services(Instance<WorkloadsApi> workloads, Instance<LogsApi> logs, InternalSecret secret) {
        this.workloads = find(workloads, WorkloadsApi.class, "health-crash-service", secret);
        this.logs = find(logs, LogsApi.class, "log-service", secret);
    }

    /** The catalogue of workloads. */
    public WorkloadsApi workloads() {
        return workloads;
    }

    /** The stored lines. */
    public LogsApi logs() {
        return logs;
    }

    private static <T> T find(Instance<T> here, Class<T> api, String name, InternalSecret secret) {
        if (here.isResolvable()) {
            return here.get();
        }
        String url = ConfigProvider.getConfig().getValue("spyhop.services." + name + ".url", String.class);
        return RemoteService.open(api, name, url, secret);
    }
}
