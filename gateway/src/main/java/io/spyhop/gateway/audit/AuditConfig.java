package io.spyhop.gateway.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;

/** What is kept of who changed what. */
@ConfigMapping(prefix = "spyhop.audit")
public interface AuditConfig {
    /** How long it is kept. */
    @WithDefault("90d")
    @WithConverter(PositiveDuration.class)
    Duration retention();
}
