package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceTransition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A note that was not published yet. Never leaves the package. */
@Entity
@Table(name = "note")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class NoteEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    long id;

    @Column(name = "workload_id")
    String workloadId;

    String org;
    String host;
    Instant at;
    String text;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> fields;

    InstanceTransition transition() {
        return InstanceTransition.note(new WorkloadId(workloadId), org, host, at, text, fields);
    }
}
