package io.spyhop.gateway.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is kept of who changed what. */
@ConfigMapping(prefix = "spyhop.audit")
public interface AuditConfig {
    /** How long rows are kept. */
    @WithDefault("90D")
    Duration retention();
}
