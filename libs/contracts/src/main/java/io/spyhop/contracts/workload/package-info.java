/** Workloads and instances as they travel on topics and over the internal API. */
@NullMarked
package io.spyhop.contracts.workload;

import org.jspecify.annotations.NullMarked;
