package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.lifecycle.crash.ManagedContainers;
import io.spyhop.lifecycle.watch.LocalWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The containers of managed deployments: one that has died goes the way of one that is stopped. Thread-safe. */
@ApplicationScoped
class OwnContainers implements ManagedContainers {
    private final LocalWatch watch;
    private final Hosts hosts;
    private final Orders orders;
    private final ErrandLoop loop;

    @Inject
    OwnContainers(LocalWatch watch, Hosts hosts, Orders orders, ErrandLoop loop) {
        this.watch = watch;
        this.hosts = hosts;
        this.orders = orders;
        this.loop = loop;
    }

    @Override
    public boolean isOurs(InstanceState instance) {
        return hosts.areOurs(instance.labels()) && watch.hosts().contains(instance.host());
    }

    /** With its port and its route, which lead to nothing any more. */
    @Override
    public void remove(InstanceState instance) {
        orders.stop(instance.workload().id());
        loop.wake();
    }
}
