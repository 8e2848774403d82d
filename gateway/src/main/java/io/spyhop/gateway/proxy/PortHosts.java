package io.spyhop.gateway.proxy;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.ports.PortUrls;
import io.spyhop.gateway.ports.PortsTable;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What host names mean: a label {@code worker-<index>-<id>-<port>} below the base domain, or the shortened form of one that
 * would be too long. Index and port have one spelling and no dashes, so that whatever an id looks like a label means one
 * port only. Thread-safe; never blocks.
 */
@ApplicationScoped
class PortHosts {
    private static final String BEGINNING = "worker-";
    private static final int PORT_MAX = 65_535;
    private static final Pattern PLAIN =
            Pattern.compile(BEGINNING + "(0|[1-9][0-9]{0,9})-([a-z0-9-]{1,40})-([1-9][0-9]{0,4})");

    private final PortsTable table;
    private final PortUrls urls;

    @Inject
    PortHosts(PortsTable table, PortUrls urls) {
        this.table = table;
        this.urls = urls;
    }

    /** What a label means. */
    sealed interface Found {
        /** A port on which something listens. */
        record Present(ListeningPorts instance, ListeningPort port) implements Found {}

        /**
         * A port of a known container on which nothing listens.
         *
         * @param seenAt when something did last; null where nothing is known to have
         */
        record Past(
                ListeningPorts instance, int port, @Nullable Instant seenAt) implements Found {}

        /** Nothing that is known. */
        record Unknown() implements Found {}
    }

    /** A label, taken apart. */
    private record Parts(int index, WorkloadId workload, int port) {}

    /** The first label of the host that a request names, where that is a port's host. */
    Optional<String> label(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || !authority.host().regionMatches(true, 0, BEGINNING, 0, BEGINNING.length())) {
            return Optional.empty();
        }
        return label(authority.host(), urls.host());
    }

    static Optional<String> label(String host, String base) {
        String name = host.toLowerCase(Locale.ROOT);
        if (!name.startsWith(BEGINNING) || !name.endsWith("." + base)) {
            return Optional.empty();
        }
        String label = name.substring(0, name.length() - base.length() - 1);
        return label.indexOf('.') < 0 && label.length() <= PortUrls.LABEL_MAX ? Optional.of(label) : Optional.empty();
    }

    /** What a label means now. */
    Found find(String label) {
        return parts(label)
                .flatMap(parts ->
                        table.find(parts.workload(), parts.index()).map(instance -> found(instance, parts.port())))
                .or(() -> label.length() == PortUrls.LABEL_MAX ? shortened(label) : Optional.empty())
                .orElseGet(Found.Unknown::new);
    }

    private static Found found(ListeningPorts instance, int port) {
        return instance.port(port)
                .<Found>map(present -> new Found.Present(instance, present))
                .orElseGet(() ->
                        new Found.Past(instance, port, instance.seenAt(port).orElse(null)));
    }

    private static Optional<Parts> parts(String label) {
        Matcher matcher = PLAIN.matcher(label);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long index = Long.parseLong(matcher.group(1));
        int port = Integer.parseInt(matcher.group(3));
        return index <= Integer.MAX_VALUE && port <= PORT_MAX
                ? Optional.of(new Parts((int) index, new WorkloadId(matcher.group(2)), port))
                : Optional.empty();
    }

    /** Only what is known can be found by its hash. Hardly any container has so long a name. */
    private Optional<Found> shortened(String label) {
        return table.all().stream()
                .filter(instance -> PortUrls.label(instance.workload(), instance.index(), PORT_MAX)
                                .length()
                        == PortUrls.LABEL_MAX)
                .flatMap(instance -> Stream.concat(
                                instance.ports().stream().map(ListeningPort::port),
                                instance.gone().stream().map(gone -> gone.port()))
                        .filter(port -> PortUrls.label(instance.workload(), instance.index(), port)
                                .equals(label))
                        .map(port -> found(instance, port)))
                .findFirst();
    }
}
