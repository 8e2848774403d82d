package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of {@link Errand}. Never leaves the package. */
@Entity
@Table(name = "errand")
@IdClass(ErrandEntity.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class ErrandEntity {
    @Id
    @Column(name = "workload_id")
    String workloadId;

    @Id
    String host;

    @Enumerated(EnumType.STRING)
    ErrandKind kind;

    @Enumerated(EnumType.STRING)
    Step step;

    long ticket;
    int attempt;
    int failures;

    @Column(name = "requested_at")
    Instant requestedAt;

    @Column(name = "due_at")
    Instant dueAt;

    @Column(name = "signalled_at")
    @Nullable
    Instant signalledAt;

    @Nullable
    String reason;

    /** Begins anew, whatever it was before. */
    void begin(ErrandKind asked, long newTicket, Instant now) {
        kind = asked;
        step = asked.first();
        ticket = newTicket;
        attempt = 0;
        failures = 0;
        requestedAt = now;
        dueAt = now;
        signalledAt = null;
        reason = null;
    }

    Errand errand() {
        return new Errand(
                new WorkloadId(workloadId), host, kind, step, ticket, attempt, failures, dueAt, signalledAt, reason);
    }

    /** A class, because JPA wants to fill it. */
    static final class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private String workloadId = "";
        private String host = "";

        Key() {}

        Key(Errand.Key key) {
            workloadId = key.workload().value();
            host = key.host();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.workloadId.equals(workloadId) && key.host.equals(host);
        }

        @Override
        public int hashCode() {
            return Objects.hash(workloadId, host);
        }
    }
}
