package io.spyhop.jobs.run;

import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.engine.EngineException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether what runs can be ended from here. Thread-safe. */
@ApplicationScoped
public class StopWays {
    private static final Logger LOGGER = LoggerFactory.getLogger(StopWays.class);

    private final RunStore store;
    private final Instance<Execution> executions;

    @Inject
    StopWays(RunStore store, @Any Instance<Execution> executions) {
        this.store = store;
        this.executions = executions;
    }

    /** Whether there is one to a run; true too where nothing of it runs, or its engine is away and may have one later. */
    public boolean has(Run run) throws SQLException {
        Optional<OpenRun> open =
                run.status() == RunStatus.RUNNING ? store.resume(run.id(), run.attempt()) : Optional.empty();
        try {
            return open.isEmpty()
                    || executions.stream()
                            .filter(each -> each.mode() == run.mode())
                            .allMatch(each -> each.canStop(open.get()));
        } catch (EngineException e) {
            LOGGER.atDebug().addKeyValue("run", run.id()).setCause(e).log("Whether a run can be ended is not known.");
            return true;
        }
    }
}
