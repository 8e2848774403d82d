package io.spyhop.lifecycle.catalogue;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far and how a host is watched. Never leaves the package. */
@Entity
@Table(name = "host")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class HostEntity {
    @Id
    String name;

    String state;

    @Nullable
    String engine;

    @Column(name = "api_version")
    @Nullable
    String apiVersion;

    @Column(name = "last_event_at")
    @Nullable
    Instant lastEventAt;

    @Column(name = "last_contact_at")
    @Nullable
    Instant lastContactAt;

    @Column(name = "changed_at")
    Instant changedAt;
}
