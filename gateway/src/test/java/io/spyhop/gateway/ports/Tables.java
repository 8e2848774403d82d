package io.spyhop.gateway.ports;

import io.agroal.api.AgroalDataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.setting.SomeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tables of listening ports that no topic has told. */
public final class Tables {
    /** When what is gone was last seen. */
    public static final Instant SEEN = Instant.parse("2026-11-22T03:04:05Z");

    private Tables() {}

    /** A table that knows these. */
    public static PortsTable of(ListeningPorts... instances) {
        PortsTable table = new PortsTable(() -> "localhost:1", SomeSettings.withoutSecret());
        Arrays.stream(instances).forEach(instance -> table.changed(instance.key(), instance));
        return table;
    }

    /** URLs below a base. */
    public static PortUrls urls(String base) {
        return new PortUrls(() -> Optional.of(URI.create(base)));
    }

    /** What ports speak, of which nothing is stored. */
    public static PortProtocols protocols() {
        return new PortProtocols(new PortProtocolStore(away()));
    }

    /** A database that is away. */
    static AgroalDataSource away() {
        return (AgroalDataSource) Proxy.newProxyInstance(
                AgroalDataSource.class.getClassLoader(),
                new Class<?>[] {AgroalDataSource.class},
                (self, method, given) -> {
                    throw new SQLException("it is away");
                });
    }

    /** A part of this process's control group that looks like an id: what proves a container's process. */
    public static String thisContainer() {
        try {
            Matcher matcher = Pattern.compile("[a-z0-9]{3,60}").matcher(Files.readString(Path.of("/proc/self/cgroup")));
            if (matcher.find()) {
                return matcher.group();
            }
            throw new IllegalStateException("this process has no control group");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An instance on whose ports something listens, and on port 1 something did. */
    public static ListeningPorts instance(String workload, int index, int... ports) {
        return instance(workload, "acme", index, "c0ffee" + index, null, null, ports);
    }

    /** As above, of an org, a container and a first process. What listens began to do so just now. */
    public static ListeningPorts instance(
            String workload,
            String org,
            int index,
            String containerId,
            @Nullable Long pid,
            @Nullable String visibility,
            int... ports) {
        Instant since = Instant.now();
        List<ListeningPort> listening = Arrays.stream(ports)
                .mapToObj(port -> new ListeningPort(port, ListeningPort.LOOPBACK, "127.0.0.1", "test", null, since))
                .toList();
        return new ListeningPorts(
                new WorkloadId(workload),
                org,
                "local",
                containerId,
                index,
                Instant.EPOCH,
                pid,
                true,
                List.of(),
                visibility,
                "namespace",
                Instant.EPOCH,
                listening,
                0,
                List.of(),
                List.of(),
                List.of(new GonePort(1, SEEN)));
    }
}
