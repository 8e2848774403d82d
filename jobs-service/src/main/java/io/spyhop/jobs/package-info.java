/** Jobs: which workloads' jobs this replica runs. */
@NullMarked
package io.spyhop.jobs;

import org.jspecify.annotations.NullMarked;
