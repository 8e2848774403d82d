/** A real Kafka broker and a real PostgreSQL inside or beside this process, for standalone and for tests. */
@NullMarked
package io.spyhop.embedded;

import org.jspecify.annotations.NullMarked;
