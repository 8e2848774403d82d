package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.health.HealthProbe;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last probes of a container, for who wants to know what came before its end. Thread-safe. */
@ApplicationScoped
public class RecentProbes {
    private static final Logger LOGGER = LoggerFactory.getLogger(RecentProbes.class);

    private final ProbeReader probes;

    @Inject
    RecentProbes(ProbeReader probes) {
        this.probes = probes;
    }

    /** Newest first; none where it was never asked, or the database is away. */
    public List<HealthProbe> of(String host, String containerId, int limit) {
        try {
            return probes.recent(host, containerId, limit);
        } catch (SQLException e) {
            LOGGER.atWarn()
                    .addKeyValue("instance", containerId)
                    .addKeyValue("error", e.toString())
                    .log("The last probes of a container cannot be read.");
            return List.of();
        }
    }
}
