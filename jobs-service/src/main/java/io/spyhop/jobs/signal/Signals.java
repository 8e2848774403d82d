package io.spyhop.jobs.signal;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.signals.CommitSignals;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

/** Wakes those who wait for something to do in this service. */
@Singleton
public class Signals extends CommitSignals<Signal> {
    @Inject
    Signals(@DataSource("jobs") AgroalDataSource dataSource) {
        super(dataSource, "spyhop_jobs");
    }

    void start(@Observes StartupEvent event) {
        listen();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        end();
    }
}
