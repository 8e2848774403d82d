/**
 * Merges a workload's small chunks into large ones that compress better and can be searched, and exchanges chunks for
 * others that hold the same lines or fewer. Readers never see a difference: an exchange is one transaction.
 */
@NullMarked
package io.spyhop.logs.compaction;

import org.jspecify.annotations.NullMarked;
