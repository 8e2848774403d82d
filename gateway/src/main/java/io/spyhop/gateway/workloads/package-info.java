/** Workloads as the catalogue has them, of which a caller sees those of its orgs. */
@NullMarked
package io.spyhop.gateway.workloads;

import org.jspecify.annotations.NullMarked;
