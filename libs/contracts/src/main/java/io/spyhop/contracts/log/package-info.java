/** Log lines as they travel: batches on the lines topic and pages of the store. */
@NullMarked
package io.spyhop.contracts.log;

import org.jspecify.annotations.NullMarked;
