/** The published description of the API: what the annotations cannot say is added here. */
@NullMarked
package io.spyhop.gateway.openapi;

import org.jspecify.annotations.NullMarked;
