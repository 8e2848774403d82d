/** Finds lines: pages of one workload by any filter, and searches over many; passes over chunks that cannot match. */
@NullMarked
package io.spyhop.logs.search;

import org.jspecify.annotations.NullMarked;
