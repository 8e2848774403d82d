package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A workload whose row is locked. Used within one transaction, by its thread. */
public final class HeldWorkload {
    private final WorkloadEntity row;
    private final InstanceRepository instances;

    HeldWorkload(WorkloadEntity row, InstanceRepository instances) {
        this.row = row;
        this.instances = instances;
    }

    /** Who it is. */
    public WorkloadId id() {
        return new WorkloadId(row.id);
    }

    /** Whose it is. */
    public String org() {
        return row.org;
    }

    /** What sort it is. */
    public Kind kind() {
        return row.kind;
    }

    /** Whether Spyhop made its containers. */
    public boolean managed() {
        return row.managed;
    }

    /** What is being done with it, or what failed; null where its instances tell how it is. */
    public @Nullable InstanceStatus intent() {
        return row.intent;
    }

    /** From now on Spyhop makes its containers, and says where it is reached. */
    public void manage() {
        row.managed = true;
        row.publicUrl = null;
    }

    /** Its containers that are not removed. */
    public List<InstanceState> present() {
        return instances.presentOf(id()).stream()
                .map(instance -> instance.state)
                .toList();
    }

    /**
     * Says what is being done with it.
     *
     * @param status shown from now on; null for what its instances are
     * @param reason shown beside it; null for none
     */
    public void intend(@Nullable InstanceStatus status, @Nullable String reason) {
        row.intent = status;
        row.intentReason = reason;
        row.summarize(WorkloadView.current(instances.presentOf(id())));
    }

    /** Where it is reached; null where it is not. */
    public void publish(@Nullable String url) {
        row.publicUrl = url;
    }

    /** Somebody asked to stop it. */
    public void stopRequested(Instant at) {
        row.stopRequestedAt = at;
        row.stopTookMs = null;
        row.stopKilled = false;
    }

    /** Nothing of it lives any more, on one of its hosts: the slowest counts. */
    public void stopEnded(long tookMs) {
        row.stopTookMs = row.stopTookMs == null ? tookMs : Math.max(row.stopTookMs, tookMs);
    }

    /** It had to be killed. */
    public void stopKilled() {
        row.stopKilled = true;
    }

    /** The time of its next note: now, unless the last one has that or a later one. */
    public Instant noteAt(Instant now) {
        Instant at = now.truncatedTo(ChronoUnit.MICROS);
        if (row.notedAt != null && !at.isAfter(row.notedAt)) {
            at = row.notedAt.plus(1, ChronoUnit.MICROS);
        }
        row.notedAt = at;
        return at;
    }

    /** How it is shown. */
    public Workload view() {
        return WorkloadView.workload(
                row,
                instances.shown(List.of(row.id)),
                0,
                instances.asked(List.of(row.id)).contains(row.id));
    }
}
