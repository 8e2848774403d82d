/**
 * Resource use: {@code sample} measures what the containers of this replica's share use and publishes it, and answers what
 * they use now ({@code UsageResource}).
 */
@NullMarked
package io.spyhop.metrics;

import org.jspecify.annotations.NullMarked;
