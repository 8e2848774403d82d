package io.spyhop.lifecycle.deploy;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/** Notes that wait to be published, oldest first. */
@ApplicationScoped
class NoteRepository implements PanacheRepositoryBase<NoteEntity, Long> {
    private static final int PAGE = 500;

    List<NoteEntity> oldest(Collection<String> hosts) {
        return find("host in ?1 order by id", hosts).page(Page.ofSize(PAGE)).list();
    }
}
