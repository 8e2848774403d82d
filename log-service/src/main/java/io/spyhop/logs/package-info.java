/**
 * Log lines from a container to the store. The flow: {@code capture} follows the containers of the workloads that this
 * replica owns and drops what is stored already; {@code number} gives each line its number and renders it once; {@code
 * store} commits batches with their workload's position in one transaction, publishes the same bytes, and reads pages; {@code
 * search} finds lines by what they say.
 */
@NullMarked
package io.spyhop.logs;

import org.jspecify.annotations.NullMarked;
