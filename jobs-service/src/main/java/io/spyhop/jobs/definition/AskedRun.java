package io.spyhop.jobs.definition;

import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import java.util.Map;

/** What became of asking for a run. */
sealed interface AskedRun {
    /** It is written down. */
    record Queued(Run run) implements AskedRun {}

    /**
     * The idempotency key stands for this one.
     *
     * @param parameters what it was given, or was the default
     */
    record Known(Run run, Map<String, String> parameters) implements AskedRun {}

    /** The job forbids a second one, and this one goes on. */
    record Busy(RunId run) implements AskedRun {}

    /** The job was removed meanwhile. */
    record Gone() implements AskedRun {}
}
