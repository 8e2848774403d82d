/** Workloads and their stored lines, as REST resources. */
@NullMarked
package io.spyhop.gateway.workloads;

import org.jspecify.annotations.NullMarked;
