package io.spyhop.lifecycle.catalogue;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Workloads, by id and by identity. */
@ApplicationScoped
class WorkloadRepository implements PanacheRepositoryBase<WorkloadEntity, String> {
    /** Identities that wish for the same id and whose hashes collide too, over and over: there are none. */
    private static final int ATTEMPTS_MAX = 20;

    /**
     * The workload of an identity, made where it is new, locked until the transaction ends: whoever changes a workload
     * or its instances holds this lock, so that indexes and status are decided one after the other.
     */
    WorkloadEntity claim(Naming naming, String image, Instant createdAt) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Optional<WorkloadEntity> known = locked(naming);
            if (known.isPresent()) {
                return known.get();
            }
            // Does nothing where the id is taken (the next attempt wishes for another) or where somebody else made the
            // same workload meanwhile (the next attempt finds it).
            insert(naming, naming.candidate(attempt), image, createdAt);
        }
        return locked(naming).orElseThrow(() -> new IllegalStateException("no free id near " + naming.idWish()));
    }

    Optional<WorkloadEntity> lockedIfKnown(WorkloadId id) {
        return findByIdOptional(id.value(), LockModeType.PESSIMISTIC_WRITE);
    }

    WorkloadEntity locked(WorkloadId id) {
        return lockedIfKnown(id).orElseThrow(() -> new IllegalStateException("not in the catalogue: " + id));
    }

    /** Workloads by id; one more than the limit tells that there is a next page. */
    List<WorkloadEntity> page(WorkloadQuery query) {
        return find(query.condition() + " order by id", query.parameters())
                .page(Page.ofSize(query.limit() + 1))
                .list();
    }

    Optional<WorkloadEntity> newest(WorkloadAddress address) {
        return find(address.condition() + " order by createdAt desc, id", address.parameters())
                .page(Page.ofSize(1))
                .firstResultOptional();
    }

    private Optional<WorkloadEntity> locked(Naming naming) {
        Optional<?> id = getEntityManager()
                .createNativeQuery("""
                        select id from lifecycle.workload
                        where org = ?1 and source = ?2 and source_host = ?3 and source_key = ?4 for update
                        """, String.class)
                .setParameter(1, naming.org())
                .setParameter(2, source(naming))
                .setParameter(3, naming.sourceHost())
                .setParameter(4, naming.sourceKey())
                .getResultStream()
                .findFirst();
        return id.map(found -> findById(String.valueOf(found)));
    }

    private void insert(Naming naming, WorkloadId id, String image, Instant createdAt) {
        getEntityManager()
                .createNativeQuery("""
                        insert into lifecycle.workload
                            (id, org, source, source_host, source_key, kind, name, slug, labels, created_at, status, image)
                        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '{}', ?9, ?10, ?11)
                        on conflict do nothing
                        """)
                .setParameter(1, id.value())
                .setParameter(2, naming.org())
                .setParameter(3, source(naming))
                .setParameter(4, naming.sourceHost())
                .setParameter(5, naming.sourceKey())
                .setParameter(6, naming.kind().wire())
                .setParameter(7, naming.name())
                .setParameter(8, naming.slug())
                .setParameter(9, createdAt)
                .setParameter(10, InstanceStatus.CREATING.wire())
                .setParameter(11, image)
                .executeUpdate();
    }

    private static String source(Naming naming) {
        return naming.source().name().toLowerCase(Locale.ROOT);
    }
}
