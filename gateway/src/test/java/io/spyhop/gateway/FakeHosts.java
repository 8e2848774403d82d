package io.spyhop.gateway;

import io.spyhop.contracts.host.Host;
import io.spyhop.contracts.host.HostList;
import io.spyhop.contracts.host.HostState;
import io.spyhop.contracts.host.HostsApi;
import io.spyhop.contracts.log.CaptureApi;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Two hosts in memory, one of them away; either of the services that know them can be away too. */
@ApplicationScoped
public class FakeHosts implements HostsApi, CaptureApi {
    private volatile boolean hostsAway;
    private volatile boolean captureAway;

    void setAway(boolean hosts, boolean capture) {
        hostsAway = hosts;
        captureAway = capture;
    }

    @Override
    public HostList list() {
        if (hostsAway) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "health-crash-service is away");
        }
        Instant at = Instant.parse("2026-11-22T03:04:05Z");
        return new HostList(List.of(
                new Host("east", "unix:///east.sock", HostState.WATCHING, "Docker 20.10.24", "1.41", at, at, 3, null),
                new Host("west", "tcp://west:2376", HostState.CONNECTING, null, null, null, null, 0, null)));
    }

    @Override
    public Map<String, CaptureWays> ways() {
        if (captureAway) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "log-service is away");
        }
        return Map.of("east", new CaptureWays(2, 1), "gone", new CaptureWays(5, 5));
    }
}
