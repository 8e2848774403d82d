package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs, newest first. Immutable.
 *
 * @param items the runs
 * @param next where the next page begins; null at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunPage(List<Run> items, @Nullable String next) {
    /** Copies the list. */
    public RunPage {
        items = List.copyOf(items);
    }
}
