package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples as they were stored, oldest first. Immutable.
 *
 * @param next where the next page begins, null at the end
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SamplePage(List<Item> items, @Nullable String next) {
    /** Copies the items. */
    public SamplePage {
        items = List.copyOf(items);
    }

    /**
     * One stored sample.
     *
     * @param sampledAt its slot
     * @param instance the index
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            Instant sampledAt,
            int instance,
            String containerId,
            @Nullable Double cpuPct,
            double memUsedMb,
            double memLimitMb,
            boolean memLimited,
            @Nullable Double netRxRate,
            @Nullable Double netTxRate,
            @Nullable Double blockReadRate,
            @Nullable Double blockWriteRate,
            @Nullable Long pids) {}
}
