package io.spyhop.gateway;

import io.spyhop.contracts.host.Host;
import io.spyhop.contracts.host.HostList;
import io.spyhop.contracts.host.HostState;
import io.spyhop.contracts.host.HostsApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Two hosts in memory, one of them not yet known; the service that knows them can be away. */
@ApplicationScoped
public class FakeHosts implements HostsApi {
    private volatile boolean away;

    void setAway(boolean is) {
        away = is;
    }

    @Override
    public HostList list() {
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "health-crash-service is away");
        }
        Instant at = Instant.parse("2026-11-22T03:04:05Z");
        return new HostList(List.of(
                new Host("east", "unix:///east.sock", HostState.WATCHING, "Docker 20.10.24", "1.41", at, at, 3, null),
                new Host("west", "tcp://west:2376", HostState.CONNECTING, null, null, null, null, 0, null)));
    }
}
