package io.spyhop.lifecycle.deploy;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Managed deployments, by their workload's id. */
@ApplicationScoped
class DeploymentRepository implements PanacheRepositoryBase<DeploymentEntity, String> {
    private static final int ROUTES_MAX = 10_000;

    /** This installation's id. */
    String installation() {
        return String.valueOf(getEntityManager()
                .createNativeQuery("select id::text from lifecycle.installation", String.class)
                .getSingleResult());
    }

    /** Those to which a host name leads. */
    List<DeploymentEntity> routed(Collection<String> hosts) {
        return find("host in ?1 and route is not null order by workloadId", hosts)
                .page(Page.ofSize(ROUTES_MAX))
                .list();
    }

    /**
     * Takes the first free port of a range, from the one after the last that proved to be in use. One taker at a time,
     * until its transaction ends.
     *
     * @return the port; 0 where none is free, or too many proved to be in use
     */
    int takePort(DeploymentEntity row, PortRange range) {
        if (row.portsTried >= Math.min(DeployLimits.PORTS_TRIED_MAX, range.size())) {
            return 0;
        }
        getEntityManager()
                .createNativeQuery("select id::text from lifecycle.installation for update", String.class)
                .getSingleResult();
        Set<Integer> taken = new HashSet<>(getEntityManager()
                .createQuery(
                        "select d.hostPort from DeploymentEntity d where d.host = ?1 and d.hostPort is not null",
                        Integer.class)
                .setParameter(1, row.host)
                .getResultList());
        int from = row.portAfter != null && range.contains(row.portAfter) ? row.portAfter - range.first() + 1 : 0;
        for (int i = 0; i < range.size(); i++) {
            int port = range.first() + (from + i) % range.size();
            if (!taken.contains(port)) {
                row.hostPort = port;
                flush();
                return port;
            }
        }
        return 0;
    }
}
