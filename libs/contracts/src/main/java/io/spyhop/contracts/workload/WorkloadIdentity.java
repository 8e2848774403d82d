package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import org.jspecify.annotations.Nullable;

/**
 * Who a workload is: what stays when its containers are recreated. Immutable.
 *
 * @param id assigned once by the catalogue
 * @param name for people
 * @param slug the name as it may stand in a URL
 * @param kind what sort of workload
 * @param org the organization that it belongs to, {@code default} where none is given
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkloadIdentity(
        WorkloadId id,
        String name,
        String slug,
        Kind kind,
        String org,
        @Nullable String project,
        @Nullable String deployment,
        @Nullable String service,
        @Nullable String worker,
        @Nullable String app,
        @Nullable String entityType,
        @Nullable String entityId,
        @Nullable String publicKey,
        @Nullable String publicUrl,
        @Nullable String registryUrl) {
    /** The organization of everything that names none. */
    public static final String DEFAULT_ORG = "default";
}
