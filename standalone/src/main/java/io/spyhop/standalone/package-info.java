/** Every service in one process. The embedded broker and database start before it, and stop after its clients. */
@NullMarked
package io.spyhop.standalone;

import org.jspecify.annotations.NullMarked;
