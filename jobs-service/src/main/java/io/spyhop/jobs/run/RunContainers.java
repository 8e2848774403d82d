package io.spyhop.jobs.run;

import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.ContainerDetails;
import java.util.HashMap;
import java.util.Map;

/** How the containers of runs are named and marked. */
final class RunContainers {
    /** Holds the run's id. */
    static final String RUN = "spyhop.run";

    /** Holds the attempt's number. */
    static final String ATTEMPT = "spyhop.attempt";

    /** Holds the id of this installation's jobs-service, which alone removes the container. */
    static final String MARK = "spyhop.run.made-by";

    private static final String PREFIX = "spyhop-";

    private RunContainers() {}

    /** The name of an attempt's container: whoever makes it a second time finds the first one. */
    static String name(RunId run, int attempt) {
        return PREFIX + run + "-" + attempt;
    }

    static Map<String, String> labels(OpenRun run, String installation) {
        JobDefinition job = run.definition();
        Map<String, String> labels = new HashMap<>();
        labels.put("spyhop.id", run.id().value());
        labels.put("spyhop.kind", Kind.JOB_RUN.wire());
        labels.put("spyhop.org", run.org());
        labels.put("spyhop.name", job.name());
        labels.put(RUN, run.id().value());
        labels.put(ATTEMPT, Integer.toString(run.attempt()));
        labels.put(MARK, installation);
        RunProof proof = run.proof();
        if (proof != null) {
            labels.put(RunProof.LABEL, proof.value());
        }
        return labels;
    }

    /** Whether this installation made it for the run: a name proves nothing. */
    static boolean isOf(RunId run, String installation, ContainerDetails container) {
        return installation.equals(container.labels().get(MARK))
                && run.value().equals(container.labels().get(RUN));
    }
}
