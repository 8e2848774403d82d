/** Resource use: which workloads this replica samples. */
@NullMarked
package io.spyhop.metrics;

import org.jspecify.annotations.NullMarked;
