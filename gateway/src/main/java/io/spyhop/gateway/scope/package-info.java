/** What the door found out about a request: who makes it and which workload it is about. */
@NullMarked
package io.spyhop.gateway.scope;

import org.jspecify.annotations.NullMarked;
