package io.spyhop.logs;

import io.spyhop.embedded.TestBackends;
import java.util.Map;

/** A broker and a database for the service under test. */
public final class Backends extends TestBackends {
    @Override
    protected Map<String, String> settings() {
        // Tests compact and remove by themselves: what a fake engine writes is of another year.
        return Map.of("quarkus.scheduler.enabled", "false");
    }
}
