package io.spyhop.jobs.run;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.engine.EngineException;
import java.sql.SQLException;
import java.util.Optional;

/** Tells what containers are made of. Thread-safe. */
@FunctionalInterface
interface TemplateSource {
    /**
     * What the newest container of a workload is made of; empty where none was ever seen.
     *
     * @throws EngineException where its engine cannot be reached
     */
    Optional<HostTemplate> of(WorkloadId workload) throws SQLException;
}
