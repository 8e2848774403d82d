/** How workloads are, as they answer when they are asked. */
@NullMarked
package io.spyhop.contracts.health;

import org.jspecify.annotations.NullMarked;
