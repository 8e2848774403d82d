package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some crashes, newest first. Immutable.
 *
 * @param next the cursor of the next page; null at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CrashPage(List<Crash> items, @Nullable String next) {
    /** Copies the items. */
    public CrashPage {
        items = List.copyOf(items);
    }
}
