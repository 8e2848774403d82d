/**
 * The catalogue of all workloads that ever were, in PostgreSQL. {@link io.spyhop.lifecycle.catalogue.WorkloadNaming}
 * says which workload a container is, {@code StoredCatalogue} gives ids, indexes and generations and keeps the newest
 * state of each container, and {@code WorkloadsResource} answers the gateway.
 */
@NullMarked
package io.spyhop.lifecycle.catalogue;

import org.jspecify.annotations.NullMarked;
