package io.spyhop.gateway.services;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** The replicas of one service as they are known now, and which of them to ask. Thread-safe. */
final class Replicas {
    private final Supplier<List<URI>> addresses;
    private final Function<URI, Replica> make;
    private final ConcurrentMap<URI, Replica> known = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** The replicas at these addresses, which are asked for anew each time. */
    Replicas(Supplier<List<URI>> addresses, Function<URI, Replica> make) {
        this.addresses = addresses;
        this.make = make;
    }

    /** Those that may be asked, in the order to do so: each call begins with another. */
    List<Replica> usable() {
        List<Replica> usable = new ArrayList<>();
        for (Replica replica : all()) {
            if (replica.usable()) {
                usable.add(replica);
            } else {
                var _ = replica.probeWhenDue();
            }
        }
        if (usable.size() > 1) {
            int first = Math.floorMod(turn.getAndIncrement(), usable.size());
            List<Replica> ordered = new ArrayList<>(usable.subList(first, usable.size()));
            ordered.addAll(usable.subList(0, first));
            return ordered;
        }
        return usable;
    }

    /** Where none is usable: asks them whether they live, and waits for the first that does. */
    void revive(Duration limit) throws InterruptedException {
        List<CompletableFuture<Boolean>> probes =
                all().stream().map(Replica::probeNow).filter(Objects::nonNull).toList();
        CompletableFuture<Boolean> first = new CompletableFuture<>();
        for (CompletableFuture<Boolean> probe : probes) {
            CompletableFuture<Void> _ = probe.thenAccept(lives -> {
                if (lives) {
                    first.complete(true);
                }
            });
        }
        CompletableFuture<Void> _ = CompletableFuture.allOf(probes.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, e) -> first.complete(false));
        try {
            first.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // None lives, as far as can be told in time.
        }
    }

    private List<Replica> all() {
        List<URI> now = addresses.get();
        if (known.size() > now.size()) {
            known.keySet().retainAll(now);
        }
        return now.stream().map(address -> known.computeIfAbsent(address, make)).toList();
    }
}
