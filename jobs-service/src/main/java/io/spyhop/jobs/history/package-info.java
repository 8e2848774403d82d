/** What was run: pages of a workload's runs, newest first, however many there are, and all about one. */
@NullMarked
package io.spyhop.jobs.history;

import org.jspecify.annotations.NullMarked;
