package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * A question for the figures of many workloads, added up. Immutable.
 *
 * @param orgs only those of these orgs; empty for all
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AggregateQuery(GroupBy group, List<String> orgs, SeriesQuery range) {
    /** Copies the orgs. */
    public AggregateQuery {
        orgs = List.copyOf(orgs);
    }
}
