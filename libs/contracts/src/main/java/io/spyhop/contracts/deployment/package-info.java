/** Deployments that Spyhop manages, and what is asked of workloads: to stop, to start again. */
@NullMarked
package io.spyhop.contracts.deployment;

import org.jspecify.annotations.NullMarked;
