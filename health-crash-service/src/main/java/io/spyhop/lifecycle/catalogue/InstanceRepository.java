package io.spyhop.lifecycle.catalogue;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.spyhop.contracts.WorkloadId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Containers of workloads. */
@ApplicationScoped
class InstanceRepository implements PanacheRepositoryBase<InstanceEntity, InstanceKey> {
    /** Containers of a host that are watched at once; engines falter long before. */
    private static final int PRESENT_MAX = 100_000;

    /** Removed containers that a workload keeps: enough to know the generation of every index in use. */
    private static final int REMOVED_KEPT = 100;

    List<InstanceEntity> present(String host) {
        return find("host = ?1 and removedAt is null order by containerId", host)
                .page(Page.ofSize(PRESENT_MAX))
                .list();
    }

    /** How many containers are present on each of these hosts; one without any is missing. */
    Map<String, Long> countPresent(Collection<String> hosts) {
        return getEntityManager()
                .createQuery(
                        "select i.host, count(*) from InstanceEntity i where i.host in ?1 and i.removedAt is null"
                                + " group by i.host",
                        Object[].class)
                .setParameter(1, hosts)
                .getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1]));
    }

    List<InstanceEntity> presentOf(WorkloadId workload) {
        return list("workloadId = ?1 and removedAt is null", workload.value());
    }

    /** What the API shows of these workloads: the present containers, and the last removed one of each. */
    List<InstanceEntity> shown(Collection<String> workloads) {
        return workloads.isEmpty() ? List.of() : list("""
            from InstanceEntity i where i.workloadId in ?1 and (i.removedAt is null
                or i.removedAt = (
                    select max(o.removedAt) from InstanceEntity o where o.workloadId = i.workloadId))
            """, workloads);
    }

    /** Those of these workloads that are asked for their health. */
    Set<String> asked(Collection<String> workloads) {
        if (workloads.isEmpty()) {
            return Set.of();
        }
        List<?> ids = getEntityManager()
                .createNativeQuery("""
                    select distinct p.workload_id from lifecycle.probed_instance p
                    join lifecycle.instance i on i.host = p.host and i.container_id = p.container_id
                    where p.workload_id in ?1 and p.asked_by <> 'none' and i.removed_at is null
                    """, String.class)
                .setParameter(1, workloads)
                .getResultList();
        return ids.stream().map(String::valueOf).collect(Collectors.toSet());
    }

    /** The newest generation that ever was at an index; 0 when there was none. */
    int newestGeneration(WorkloadId workload, int index) {
        @Nullable
        Integer newest = getEntityManager()
                .createQuery(
                        "select max(i.generation) from InstanceEntity i where i.workloadId = ?1 and i.index = ?2",
                        Integer.class)
                .setParameter(1, workload.value())
                .setParameter(2, index)
                .getSingleResult();
        return newest == null ? 0 : newest;
    }

    /** Forgets the oldest removed containers of a workload, so that one recreated every minute does not grow for ever. */
    void prune(WorkloadId workload) {
        getEntityManager()
                .createNativeQuery("""
                    delete from lifecycle.instance where (host, container_id) in (
                        select host, container_id from lifecycle.instance
                        where workload_id = ?1 and removed_at is not null
                        order by removed_at desc offset ?2)
                    """)
                .setParameter(1, workload.value())
                .setParameter(2, REMOVED_KEPT)
                .executeUpdate();
    }
}
