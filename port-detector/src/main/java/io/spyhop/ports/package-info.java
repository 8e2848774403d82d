/** Listening ports: which workloads this replica looks at. */
@NullMarked
package io.spyhop.ports;

import org.jspecify.annotations.NullMarked;
