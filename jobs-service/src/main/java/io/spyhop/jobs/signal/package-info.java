/** What there is to do in this service, and who is woken for it. */
@NullMarked
package io.spyhop.jobs.signal;

import org.jspecify.annotations.NullMarked;
