/**
 * What crosses a boundary between Spyhop's services: ids here, topics and their records in {@code topic}, workloads in
 * {@code workload}, lines in {@code log}, errors in {@code problem}, and how services call each other in
 * {@code internal}. Nothing in this module does I/O.
 */
@NullMarked
package io.spyhop.contracts;

import org.jspecify.annotations.NullMarked;
