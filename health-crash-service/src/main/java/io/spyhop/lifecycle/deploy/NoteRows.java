package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.workload.InstanceTransition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Notes that wait, each method a transaction. Thread-safe. */
@ApplicationScoped
class NoteRows {
    private final NoteRepository notes;

    @Inject
    NoteRows(NoteRepository notes) {
        this.notes = notes;
    }

    /** Some of them by id, oldest first. */
    @Transactional
    Map<Long, InstanceTransition> oldest(Collection<String> hosts) {
        Map<Long, InstanceTransition> oldest = new LinkedHashMap<>();
        notes.oldest(hosts).forEach(row -> oldest.put(row.id, row.transition()));
        return oldest;
    }

    @Transactional
    void forget(long id) {
        notes.deleteById(id);
    }
}
