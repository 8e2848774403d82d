package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What each witness says of a want of memory, and the verdict. The exit code 137 is no witness: whatever kills gives it. Immutable.
 *
 * @param killed the verdict: the first process was killed for want of memory
 * @param verdictBy the witness that it rests on, {@code event} or {@code inspect}; null where the verdict is no
 * @param eventAt when the engine's {@code oom} event of this life came last, of whatever process; null where none came
 * @param inspect what the engine says of the ended life when it is asked; null where it could not be asked in time
 * @param cgroupKills how often the kernel killed in the container's group; null where that could not be read
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OomEvidence(
        boolean killed,
        @Nullable String verdictBy,
        @Nullable Instant eventAt,
        @Nullable Boolean inspect,
        @Nullable Long cgroupKills) {
    /** Nobody says so. */
    public static final OomEvidence NONE = new OomEvidence(false, null, null, null, null);

    /** The same with what the engine says when it is asked. */
    public OomEvidence withInspect(boolean oomKilled) {
        return new OomEvidence(killed, verdictBy, eventAt, oomKilled, cgroupKills);
    }

    /** The same with what the kernel counted. */
    public OomEvidence with(@Nullable Long kills) {
        return new OomEvidence(killed, verdictBy, eventAt, inspect, kills);
    }
}
