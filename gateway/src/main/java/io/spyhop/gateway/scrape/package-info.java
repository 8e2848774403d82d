/**
 * What Prometheus scrapes: containers of the caller's orgs under cAdvisor's names, and for an admin of the whole installation
 * the meters of this process.
 */
@NullMarked
package io.spyhop.gateway.scrape;

import org.jspecify.annotations.NullMarked;
