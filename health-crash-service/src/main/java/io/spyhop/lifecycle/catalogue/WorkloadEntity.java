package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadIdentity;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of the catalogue. Rows are inserted by {@link WorkloadRepository#claim} only. Never leaves the package. */
@Entity
@Table(name = "workload")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class WorkloadEntity {
    @Id
    String id;

    @Column(updatable = false)
    String org;

    @Convert(converter = WireNames.OfKind.class)
    Kind kind;

    String name;
    String slug;

    @Nullable
    String project;

    @Nullable
    String deployment;

    @Nullable
    String service;

    @Nullable
    String worker;

    @Nullable
    String app;

    @Column(name = "entity_type")
    @Nullable
    String entityType;

    @Column(name = "entity_id")
    @Nullable
    String entityId;

    @Column(name = "public_key")
    @Nullable
    String publicKey;

    @Column(name = "public_url")
    @Nullable
    String publicUrl;

    @Column(name = "registry_url")
    @Nullable
    String registryUrl;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> labels;

    @Column(name = "created_at", updatable = false)
    Instant createdAt;

    @Convert(converter = WireNames.OfStatus.class)
    InstanceStatus status;

    String image;

    boolean managed;

    /** What the workload shows in place of what its instances are; null where they tell. */
    @Convert(converter = WireNames.OfStatus.class)
    @Nullable
    InstanceStatus intent;

    @Column(name = "intent_reason")
    @Nullable
    String intentReason;

    @Column(name = "stop_requested_at")
    @Nullable
    Instant stopRequestedAt;

    @Column(name = "stop_took_ms")
    @Nullable
    Long stopTookMs;

    @Column(name = "stop_killed")
    boolean stopKilled;

    @Column(name = "noted_at")
    @Nullable
    Instant notedAt;

    /** Takes over what describes the workload; what makes its identity stays. */
    void describe(Naming naming, Map<String, String> newest) {
        kind = naming.kind();
        name = naming.name();
        slug = naming.slug();
        project = naming.project();
        deployment = naming.deployment();
        service = naming.service();
        worker = naming.worker();
        app = naming.app();
        entityType = naming.entityType();
        entityId = naming.entityId();
        publicKey = naming.publicKey();
        if (!managed) {
            publicUrl = naming.publicUrl();
        }
        registryUrl = naming.registryUrl();
        labels = Map.copyOf(newest);
    }

    /** Takes over from the current instances what lists filter by. */
    void summarize(List<InstanceEntity> current) {
        status = WorkloadView.status(this, current);
        if (!current.isEmpty()) {
            image = current.getFirst().state.image();
        }
    }

    WorkloadIdentity identity() {
        return new WorkloadIdentity(
                new WorkloadId(id),
                name,
                slug,
                kind,
                org,
                project,
                deployment,
                service,
                worker,
                app,
                entityType,
                entityId,
                publicKey,
                publicUrl,
                registryUrl);
    }
}
