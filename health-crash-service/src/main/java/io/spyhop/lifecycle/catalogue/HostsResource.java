package io.spyhop.lifecycle.catalogue;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.host.Host;
import io.spyhop.contracts.host.HostList;
import io.spyhop.contracts.host.HostState;
import io.spyhop.contracts.host.HostsApi;
import io.spyhop.lifecycle.ConfiguredHosts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers for the configured hosts, whichever replica watches them. One that is configured no longer is not listed, though
 * its row stays.
 */
@ApplicationScoped
@RunOnVirtualThread
class HostsResource implements HostsApi {
    private final ConfiguredHosts configured;
    private final HostRepository hosts;
    private final InstanceRepository instances;

    @Inject
    HostsResource(ConfiguredHosts configured, HostRepository hosts, InstanceRepository instances) {
        this.configured = configured;
        this.hosts = hosts;
        this.instances = instances;
    }

    @Override
    @Transactional
    public HostList list() {
        List<String> names = configured.names().stream().sorted().toList();
        Map<String, HostEntity> known =
                hosts.named(names).stream().collect(Collectors.toMap(row -> row.name, Function.identity()));
        Map<String, Long> containers = instances.countPresent(names);
        return new HostList(names.stream()
                .map(name -> view(name, known.get(name), containers.getOrDefault(name, 0L)))
                .toList());
    }

    private Host view(String name, @Nullable HostEntity row, long containers) {
        String endpoint = configured.address(name).endpoint().toString();
        int count = Math.toIntExact(containers);
        return row == null
                ? new Host(name, endpoint, HostState.CONNECTING, null, null, null, null, count, null)
                : new Host(
                        name,
                        endpoint,
                        HostState.of(row.state),
                        row.engine,
                        row.apiVersion,
                        row.lastContactAt,
                        row.changedAt,
                        count,
                        null);
    }
}
