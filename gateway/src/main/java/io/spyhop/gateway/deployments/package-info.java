/** Running images as managed deployments, and stopping and starting again what runs. */
@NullMarked
package io.spyhop.gateway.deployments;

import org.jspecify.annotations.NullMarked;
