package io.spyhop.lifecycle.watch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up once every host of this replica that answers was listed, or none is its own. An engine that goes away later does not
 * make it go down, because the catalogue still answers; the data says which one.
 */
@Readiness
@ApplicationScoped
class HostsReadiness implements HealthCheck {
    private final Watching watching;

    @Inject
    HostsReadiness(Watching watching) {
        this.watching = watching;
    }

    @Override
    public HealthCheckResponse call() {
        List<HostWatcher> watchers = watching.watched();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("hosts")
                .status(watching.ready())
                .withData("hosts", watchers.size())
                .withData(
                        "containers",
                        watchers.stream().mapToInt(HostWatcher::containers).sum());
        watchers.forEach(watcher ->
                response.withData("host." + watcher.host(), watcher.state().wire()));
        return response.build();
    }
}
