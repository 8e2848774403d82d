/**
 * What every request passes, once and in this order: {@link io.spyhop.gateway.door.Door} sets the headers, checks host
 * and address, asks who it is, and finds the workload of any of its addresses. A path that
 * is not listed does not exist, and neither does a workload of a foreign org.
 */
@NullMarked
package io.spyhop.gateway.door;

import org.jspecify.annotations.NullMarked;
