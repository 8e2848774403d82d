package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.deployment.DeploymentSpec;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A managed deployment: what it is made of, and what it has of the host. Never leaves the package. */
@Entity
@Table(name = "deployment")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class DeploymentEntity {
    @Id
    @Column(name = "workload_id")
    String workloadId;

    String host;

    @JdbcTypeCode(SqlTypes.JSON)
    DeploymentSpec spec;

    @Column(name = "container_port")
    @Nullable
    Integer containerPort;

    @Column(name = "host_port")
    @Nullable
    Integer hostPort;

    @Column(name = "port_after")
    @Nullable
    Integer portAfter;

    @Column(name = "ports_tried")
    int portsTried;

    @Column(name = "container_id")
    @Nullable
    String containerId;

    @Nullable
    String route;

    /** Its port proved to be in use by others: another one is to be taken. */
    void passOverPort() {
        portAfter = hostPort;
        hostPort = null;
        portsTried++;
    }

    /** It has no port, and none is in the way any more. */
    void releasePort() {
        hostPort = null;
        portAfter = null;
        portsTried = 0;
    }

    /** Whether there is anything of it that is to be given back. */
    boolean holds() {
        return containerId != null || hostPort != null || route != null;
    }

    Deployment deployment() {
        return new Deployment(spec, containerPort, hostPort, containerId, route);
    }
}
