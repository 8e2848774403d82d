package io.spyhop.lifecycle.watch;

import io.spyhop.embedded.TestBackends;
import java.util.Map;

/** A broker and a database for the service under test. */
public final class EmbeddedParts extends TestBackends {
    @Override
    protected Map<String, String> settings() {
        return Map.of("spyhop.discovery.reconcile-every", "2s");
    }
}
