/** Hosts as the API shows them, and how health-crash-service is asked for them. */
@NullMarked
package io.spyhop.contracts.host;

import org.jspecify.annotations.NullMarked;
