package io.spyhop.lifecycle.crash;

import io.spyhop.contracts.crash.ReportedProbe;
import java.util.List;

/** Knows the last health requests to instances. Thread-safe. */
public interface LastProbes {
    /** Those to a container, oldest first, some at most; none where it was never asked. */
    List<ReportedProbe> of(String host, String containerId);
}
