package io.spyhop.jobs.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The id by which this installation's containers of runs are known. Thread-safe. */
@ApplicationScoped
class Installation {
    private final CapturedStore store;
    private volatile @Nullable String known;

    @Inject
    Installation(CapturedStore store) {
        this.store = store;
    }

    String id() throws SQLException {
        String id = known;
        if (id == null) {
            id = store.installation();
            known = id;
        }
        return id;
    }
}
