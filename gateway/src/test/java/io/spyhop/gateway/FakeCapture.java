package io.spyhop.gateway;

import io.spyhop.contracts.log.CaptureApi;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** How logs of one of the {@link FakeHosts}, and of one that is no longer configured, are read; it can be away. */
@ApplicationScoped
public class FakeCapture implements CaptureApi {
    private volatile boolean away;

    void setAway(boolean is) {
        away = is;
    }

    @Override
    public Map<String, CaptureWays> ways() {
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "log-service is away");
        }
        return Map.of("east", new CaptureWays(2, 1), "gone", new CaptureWays(5, 5));
    }
}
