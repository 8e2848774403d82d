package io.spyhop.jobs.schedule;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.jobs.signal.Signal;
import io.spyhop.jobs.signal.Signals;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Clock;

/** Looks at the schedules before anything is due and when a job was made or changed, at every replica. */
@ApplicationScoped
class ClaimsSchedule {
    private final Rounds looks;
    private final Signals signals;

    @Inject
    ClaimsSchedule(ClaimStore store, ScheduleMetrics metrics, Signals signals) {
        this.looks = new Rounds("schedules", new ScheduleTick(store, metrics, Clock.systemUTC())::look);
        this.signals = signals;
    }

    void start(@Observes StartupEvent event) {
        signals.on(Signal.JOB, looks::wake);
        looks.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        looks.stop();
    }
}
