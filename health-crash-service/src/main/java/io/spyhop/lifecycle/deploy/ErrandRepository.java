package io.spyhop.lifecycle.deploy;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.spyhop.contracts.WorkloadId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/** What is to be done. Whoever changes a row holds the lock on its workload. */
@ApplicationScoped
class ErrandRepository implements PanacheRepositoryBase<ErrandEntity, ErrandEntity.Key> {
    /** More than run at once: the rest has its turn later. */
    private static final int OPEN_MAX = 1000;

    List<ErrandEntity> open(Collection<String> hosts) {
        return find("host in ?1 order by dueAt", hosts)
                .page(Page.ofSize(OPEN_MAX))
                .list();
    }

    List<ErrandEntity> of(WorkloadId workload) {
        return list("workloadId", workload.value());
    }

    long nextTicket() {
        return ((Number) getEntityManager()
                        .createNativeQuery("select nextval('lifecycle.errand_ticket_seq')", Long.class)
                        .getSingleResult())
                .longValue();
    }
}
