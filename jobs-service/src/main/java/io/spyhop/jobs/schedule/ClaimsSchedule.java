package io.spyhop.jobs.schedule;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.jobs.signal.Signal;
import io.spyhop.jobs.signal.Signals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the schedules each second, at every replica. A failure is mended by the next look. */
@ApplicationScoped
class ClaimsSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClaimsSchedule.class);

    private final ScheduleTick tick;
    private final Signals signals;

    @Inject
    ClaimsSchedule(ClaimStore store, ScheduleMetrics metrics, Signals signals) {
        this.tick = new ScheduleTick(store, metrics, Clock.systemUTC());
        this.signals = signals;
    }

    void start(@Observes StartupEvent event) {
        signals.on(Signal.JOB, tick::wake);
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() {
        try {
            tick.look();
        } catch (SQLException e) {
            LOGGER.atDebug().setCause(e).log("Schedules have to wait.");
        }
    }
}
