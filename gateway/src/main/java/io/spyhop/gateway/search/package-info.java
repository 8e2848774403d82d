/**
 * Searching the lines of all workloads that a token may see. A request is read ({@code SearchRequest}), its workloads are
 * found in the catalogue, and the store is asked, from the newest lines to the oldest, as often as it takes ({@code
 * Search}); what it finds leaves as one answer or as a stream of events ({@code SearchWriter}).
 */
@NullMarked
package io.spyhop.gateway.search;

import org.jspecify.annotations.NullMarked;
