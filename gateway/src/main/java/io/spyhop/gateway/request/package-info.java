/** Reading requests strictly and answering with problems, the same way for REST resources and streams. */
@NullMarked
package io.spyhop.gateway.request;

import org.jspecify.annotations.NullMarked;
