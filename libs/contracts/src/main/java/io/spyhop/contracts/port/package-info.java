/** Listening TCP ports of containers. */
@NullMarked
package io.spyhop.contracts.port;

import org.jspecify.annotations.NullMarked;
