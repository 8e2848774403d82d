/**
 * What belongs together: a request and all that it causes in other services, an event and all that follows from it. A
 * {@code TraceContext} travels in HTTP headers and record headers after W3C Trace Context; {@code CurrentTrace} is the one
 * of the running thread, which the rows of the log show.
 */
@NullMarked
package io.spyhop.contracts.trace;

import org.jspecify.annotations.NullMarked;
