package io.spyhop.logs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.log.CaptureApi;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.store.CaptureStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;

/** Answers how logs are being read. */
@ApplicationScoped
@RunOnVirtualThread
public class CaptureResource implements CaptureApi {
    private final CaptureStore store;

    @Inject
    CaptureResource(CaptureStore store) {
        this.store = store;
    }

    @Override
    public Map<String, CaptureWays> ways() {
        try {
            return store.ways();
        } catch (SQLException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database of log-service is away", e);
        }
    }
}
