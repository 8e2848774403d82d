package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line, or a piece of a long one, that did not come from an engine. Immutable. Its text shows nothing of the line.
 *
 * @param at nanoseconds since the epoch
 * @param text without line end
 * @param more true where the line goes on in the next entry of its source; null where it ends here. Pieces are joined up to the
 *     length that is kept whole
 * @param fields what varies in a line of {@link Stream#SYSTEM}; null where nothing does
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngestLine(
        Stream stream,
        long at,
        String text,
        @Nullable Boolean more,
        @Nullable Map<String, String> fields) {
    /** Copies the fields. */
    public IngestLine {
        fields = fields == null ? null : Map.copyOf(fields);
    }

    /** Whether the line goes on in the next entry. */
    public boolean goesOn() {
        return more != null && more;
    }

    @Override
    public String toString() {
        return "a line of " + text.length() + " characters";
    }
}
