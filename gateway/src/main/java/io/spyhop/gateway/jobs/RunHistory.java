package io.spyhop.gateway.jobs;

import io.spyhop.contracts.job.RunPage;
import io.spyhop.gateway.services.Services;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Pages of runs. Thread-safe. */
@ApplicationScoped
class RunHistory {
    static final String SEARCH =
            " With `q` only those whose output contains that text: such a page comes after two seconds at most,"
                    + " with fewer items or none where that was not enough, and `next` goes on.";

    private final Services services;

    @Inject
    RunHistory(Services services) {
        this.services = services;
    }

    RunPage page(RunsRequest request) {
        String text = request.text();
        return text == null
                ? services.jobs().runs(request.runs())
                : new RunSearch(services.jobs(), services.logs(), text, System::nanoTime).page(request.runs());
    }
}
