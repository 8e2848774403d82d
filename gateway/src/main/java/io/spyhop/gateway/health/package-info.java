/** How workloads answer when they are asked for their health. */
@NullMarked
package io.spyhop.gateway.health;

import org.jspecify.annotations.NullMarked;
