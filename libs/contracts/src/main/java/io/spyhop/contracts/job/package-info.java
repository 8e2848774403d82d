/** Jobs of workloads and their runs. */
@NullMarked
package io.spyhop.contracts.job;

import org.jspecify.annotations.NullMarked;
