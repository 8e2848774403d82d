package io.spyhop.metrics;

import io.spyhop.embedded.TestBackends;
import java.util.Map;

/** A broker and a database for tests of what is stored. */
public final class MetricsBackends extends TestBackends {
    @Override
    protected Map<String, String> settings() {
        return Map.of(
                // Tests roll up and drop by themselves, at times of their own.
                "quarkus.scheduler.enabled",
                "false",
                // Nobody asks any more when they end.
                "quarkus.shutdown.timeout",
                "0S");
    }
}
