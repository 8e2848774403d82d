package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which lines are wanted. Every part that is given must hold. Immutable. {@link LineMatcher} says of a line whether it
 * does, the same in the store and on live streams.
 *
 * @param streams empty for all
 * @param levels as they stand in a line, in small letters; empty for all
 * @param text must occur in the message or in the JSON text of the fields; letters of either case are the same, where
 *     those of ASCII equal no others. Null or empty for any
 * @param regex must be found in the message, RE2 syntax; of a message over {@link #REGEX_BYTES_MAX} in that beginning of
 *     it. Null or empty for any
 * @param fields values of structured lines by path, such as {@code user.id}, where a name may have dots itself; what is
 *     not a string is compared by its JSON text
 * @param sinceNanos only lines at or after this time, nanoseconds since the epoch; null for any
 * @param untilNanos only lines before this time; null for any
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LineFilter(
        Set<Stream> streams,
        Set<String> levels,
        @Nullable String text,
        @Nullable String regex,
        Map<String, String> fields,
        @Nullable Long sinceNanos,
        @Nullable Long untilNanos) {
    /** Every line. */
    public static final LineFilter ALL = new LineFilter(Set.of(), Set.of(), null, null, Map.of(), null, null);

    /** Characters of a text or a pattern. */
    public static final int TEXT_LENGTH_MAX = 1000;

    /** Bytes of a message, as it is stored, in which a pattern is sought: it bounds what one line costs. */
    public static final int REGEX_BYTES_MAX = 64 * 1024;

    /** Fields that are compared. */
    public static final int FIELDS_MAX = 10;

    /** Copies the sets; what is missing stands for all. */
    @SuppressWarnings("ConstantValue") // JSON may leave them out.
    public LineFilter {
        streams = streams == null ? Set.of() : Set.copyOf(streams);
        levels = levels == null ? Set.of() : Set.copyOf(levels);
        fields = fields == null ? Map.of() : Map.copyOf(fields);
    }

    /** Whether every line is wanted. */
    @JsonIgnore
    public boolean isAll() {
        return equals(ALL);
    }

    /** The same for another range of time. */
    public LineFilter between(@Nullable Long since, @Nullable Long until) {
        return new LineFilter(streams, levels, text, regex, fields, since, until);
    }
}
