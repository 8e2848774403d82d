/** What is known of crashes: their reports, and how equal ones are grouped. */
@NullMarked
package io.spyhop.contracts.crash;

import org.jspecify.annotations.NullMarked;
