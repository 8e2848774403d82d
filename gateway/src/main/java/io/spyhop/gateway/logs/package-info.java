/**
 * Stored lines as the API gives them: pages, downloads, searches over many workloads, how long they are kept. A request is
 * read ({@code PageRequest}, {@code LineRange}), the store is asked as often as it takes ({@code Scan}), and its rows are
 * put into the answer as they are.
 */
@NullMarked
package io.spyhop.gateway.logs;

import org.jspecify.annotations.NullMarked;
