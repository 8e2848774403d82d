package io.spyhop.lifecycle.deploy;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.deployment.DeploymentsApi;
import io.spyhop.contracts.workload.Workload;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Takes orders, and has them looked at at once where this replica watches the host. */
@ApplicationScoped
@RunOnVirtualThread
class DeploymentsResource implements DeploymentsApi {
    private final Orders orders;
    private final ErrandLoop loop;

    @Inject
    DeploymentsResource(Orders orders, ErrandLoop loop) {
        this.orders = orders;
        this.loop = loop;
    }

    @Override
    public Workload create(DeploymentSpec spec) {
        return woken(orders.create(spec));
    }

    @Override
    public Workload stop(WorkloadId id) {
        return woken(orders.stop(id));
    }

    @Override
    public Workload restart(WorkloadId id) {
        return woken(orders.restart(id));
    }

    private Workload woken(Workload workload) {
        loop.wake();
        return workload;
    }
}
