package io.spyhop.gateway.services;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a service is: a name stands for every address that it resolves to, since each may be a replica. What the name
 * service said is kept for a few seconds, and while it is away. Names of {@code https} stay as they are: a certificate is
 * for a name. Thread-safe.
 */
final class Addresses implements Supplier<List<URI>> {
    private final List<URI> configured;
    private final Executor background;
    private final Map<URI, List<URI>> resolved = new ConcurrentHashMap<>();
    private volatile List<URI> known = List.of();
    private volatile long askedAt;

    // Under the monitor.
    private @Nullable CompletableFuture<Void> asking;

    /** What is configured, which {@link ServiceUrl} has checked. */
    Addresses(List<URI> configured, Executor background) {
        this.configured = List.copyOf(configured);
        this.background = background;
    }

    @Override
    public List<URI> get() {
        List<URI> last = known;
        if (!last.isEmpty() && System.nanoTime() - askedAt < CallLimits.NAMES_AGE.toNanos()) {
            return last;
        }
        CompletableFuture<Void> answer = ask();
        if (last.isEmpty()) {
            try {
                answer.get(CallLimits.NAMES_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Nobody is known, as yet.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return known;
    }

    private CompletableFuture<Void> ask() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        synchronized (this) {
            if (asking != null) {
                return asking;
            }
            asking = mine;
        }
        background.execute(() -> {
            try {
                Set<URI> all = new LinkedHashSet<>();
                configured.forEach(each -> all.addAll(resolve(each)));
                known = List.copyOf(all);
            } finally {
                askedAt = System.nanoTime();
                synchronized (this) {
                    asking = null;
                }
                mine.complete(null);
            }
        });
        return mine;
    }

    private List<URI> resolve(URI name) {
        if (name.getScheme().equals("https")) {
            return List.of(name);
        }
        try {
            List<URI> now = Arrays.stream(InetAddress.getAllByName(name.getHost()))
                    .map(address -> at(name, address))
                    .toList();
            resolved.put(name, now);
            return now;
        } catch (UnknownHostException e) {
            // The name service is away, or the name is: nothing says that the replicas are.
            return resolved.getOrDefault(name, List.of());
        }
    }

    private static URI at(URI name, InetAddress address) {
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        int port = name.getPort() < 0 ? 80 : name.getPort();
        String path = name.getRawPath() == null ? "" : name.getRawPath();
        return URI.create("http://" + host + ":" + port + path);
    }
}
