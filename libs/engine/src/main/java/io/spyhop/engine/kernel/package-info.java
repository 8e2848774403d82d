/**
 * Counters of containers from the kernel's own files: {@code KernelCounters} finds a container's control groups, of version 1
 * or 2, and {@code KernelReader} keeps their files open and reads them again and again.
 */
@NullMarked
package io.spyhop.engine.kernel;

import org.jspecify.annotations.NullMarked;
