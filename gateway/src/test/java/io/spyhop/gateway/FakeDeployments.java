package io.spyhop.gateway;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.deployment.DeploymentsApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Takes orders and keeps them; one name is always in use. */
@ApplicationScoped
public class FakeDeployments implements DeploymentsApi {
    static final String IN_USE = "in-use";

    private final List<DeploymentSpec> created = Collections.synchronizedList(new ArrayList<>());
    private final List<String> orders = Collections.synchronizedList(new ArrayList<>());

    /** What the last request was read as. */
    public DeploymentSpec last() {
        return created.getLast();
    }

    /** How many deployments were asked for. */
    public int count() {
        return created.size();
    }

    /** {@code stop <id>} and {@code restart <id>}. */
    public List<String> orders() {
        return List.copyOf(orders);
    }

    @Override
    public Workload create(DeploymentSpec spec) {
        if (spec.name().equals(IN_USE)) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "the name is in use");
        }
        created.add(spec);
        return workload(new WorkloadId("made"), InstanceStatus.CREATING);
    }

    @Override
    public Workload stop(WorkloadId id) {
        orders.add("stop " + id);
        return workload(id, InstanceStatus.STOPPING);
    }

    @Override
    public Workload restart(WorkloadId id) {
        orders.add("restart " + id);
        return workload(id, InstanceStatus.RESTARTING);
    }

    private static Workload workload(WorkloadId id, InstanceStatus status) {
        return new Workload(
                id,
                id.value(),
                id.value(),
                Kind.DEPLOYMENT,
                status,
                null,
                "acme",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "busybox",
                Instant.EPOCH,
                null,
                null,
                false,
                0,
                null,
                null,
                List.of(),
                null,
                true,
                null);
    }
}
