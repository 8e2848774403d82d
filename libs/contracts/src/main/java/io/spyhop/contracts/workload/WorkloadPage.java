package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of workloads, ordered by id. Immutable.
 *
 * @param items at most the limit that was asked for
 * @param next the cursor of the next page, null at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkloadPage(List<Workload> items, @Nullable String next) {
    /** Copies the items. */
    public WorkloadPage {
        items = List.copyOf(items);
    }
}
