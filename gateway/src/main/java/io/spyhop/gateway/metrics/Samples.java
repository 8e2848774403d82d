package io.spyhop.gateway.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.SamplePage;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Samples as the API shows them. Immutable.
 *
 * @param next where the next page begins, null at the end
 */
@Schema(name = "Samples", description = "Samples as they were stored, oldest first")
@JsonInclude(JsonInclude.Include.NON_NULL)
record Samples(
        List<Item> items,

        @Nullable @Schema(description = "The cursor of the next page; missing at the end")
        String next) {
    /** Copies the items. */
    Samples {
        items = List.copyOf(items);
    }

    /**
     * One sample of an instance.
     *
     * @param deploymentId the workload
     */
    @Schema(name = "SampleItem")
    record Item(WorkloadId deploymentId, @JsonUnwrapped SamplePage.Item sample) {}

    static Samples of(WorkloadId workload, SamplePage page) {
        return new Samples(
                page.items().stream().map(sample -> new Item(workload, sample)).toList(), page.next());
    }
}
