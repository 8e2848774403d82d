package io.spyhop.jobs.run;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.engine.ContainerTemplate;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** What the newest container of each workload is made of. It holds values of their environment, which are never told. Thread-safe. */
@Singleton
class TemplateStore extends JobsStore {
    private static final String PUT = """
        INSERT INTO jobs.template (workload_id, host, container_id, taken_at, image, image_digest, spec)
        VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)
        ON CONFLICT (workload_id) DO UPDATE SET host = excluded.host, container_id = excluded.container_id,
            taken_at = excluded.taken_at, image = excluded.image, image_digest = excluded.image_digest,
            spec = excluded.spec\
        """;

    private static final String FIND =
            "SELECT host, container_id, image, image_digest, spec FROM jobs.template WHERE workload_id = ?";

    private static final String CONTAINER = "SELECT container_id FROM jobs.template WHERE workload_id = ?";

    @Inject
    TemplateStore(@DataSource("jobs") AgroalDataSource dataSource) {
        super(dataSource);
    }

    void put(WorkloadId workload, HostTemplate template, Instant at) throws SQLException {
        change(PUT, insert -> {
            insert.setString(1, workload.value());
            insert.setString(2, template.host());
            insert.setString(3, template.container().containerId());
            insert.setTimestamp(4, timestamp(at));
            insert.setString(5, template.container().image());
            insert.setString(6, template.container().imageId());
            insert.setString(7, template.container().json());
        });
    }

    Optional<HostTemplate> find(WorkloadId workload) throws SQLException {
        return query(
                        FIND,
                        select -> select.setString(1, workload.value()),
                        row -> new HostTemplate(
                                row.getString("host"),
                                new ContainerTemplate(
                                        row.getString("container_id"),
                                        row.getString("image"),
                                        row.getString("image_digest"),
                                        row.getString("spec"))))
                .stream()
                .findFirst();
    }

    /** Whose template is kept. */
    Optional<String> container(WorkloadId workload) throws SQLException {
        return query(CONTAINER, select -> select.setString(1, workload.value()), row -> row.getString(1)).stream()
                .findFirst();
    }
}
