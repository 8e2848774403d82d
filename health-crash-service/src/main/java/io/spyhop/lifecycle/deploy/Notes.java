package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.lifecycle.watch.LocalWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Map;

/**
 * Publishes notes in the order in which they were written down, then forgets them: what a crash interrupts is published
 * again, with the same time, by which its reader knows it. Used by one thread at a time.
 */
@ApplicationScoped
class Notes {
    private final NoteRows rows;
    private final LocalWatch watch;

    @Inject
    Notes(NoteRows rows, LocalWatch watch) {
        this.rows = rows;
        this.watch = watch;
    }

    void publish(Collection<String> hosts) throws Exception {
        Map<Long, InstanceTransition> waiting = rows.oldest(hosts);
        while (!waiting.isEmpty()) {
            for (Map.Entry<Long, InstanceTransition> note : waiting.entrySet()) {
                watch.tell(note.getValue());
                rows.forget(note.getKey());
            }
            waiting = rows.oldest(hosts);
        }
    }
}
