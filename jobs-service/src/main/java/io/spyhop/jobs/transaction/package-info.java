/** How what changes more than one row is written down: wholly or not at all. */
@NullMarked
package io.spyhop.jobs.transaction;

import org.jspecify.annotations.NullMarked;
