package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.workload.InstanceState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A container that a workload has or had, with its last state. Never leaves the package. */
@Entity
@Table(name = "instance")
@IdClass(InstanceKey.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class InstanceEntity {
    @Id
    String host;

    @Id
    @Column(name = "container_id")
    String containerId;

    @Column(name = "workload_id", updatable = false)
    String workloadId;

    @Column(name = "instance_index", updatable = false)
    int index;

    @Column(updatable = false)
    int generation;

    @JdbcTypeCode(SqlTypes.JSON)
    InstanceState state;

    @Column(name = "created_at", updatable = false)
    Instant createdAt;

    @Column(name = "removed_at")
    @Nullable
    Instant removedAt;

    static InstanceEntity of(InstanceState state) {
        InstanceEntity row = new InstanceEntity();
        row.host = state.host();
        row.containerId = state.containerId();
        row.workloadId = state.workload().id().value();
        row.index = state.index();
        row.generation = state.generation();
        row.state = state;
        row.createdAt = state.createdAt();
        return row;
    }
}
