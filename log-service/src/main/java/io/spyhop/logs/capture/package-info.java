/** Follows the containers of owned workloads, exactly once over every break, and writes their system lines in order. */
@NullMarked
package io.spyhop.logs.capture;

import org.jspecify.annotations.NullMarked;
