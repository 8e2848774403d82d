/**
 * The network namespaces of containers of this machine: sockets are made inside them, and used from anywhere. A thread of
 * its own enters one for some microseconds, by the kernel's {@code setns}; nothing else of a process ever does.
 */
@NullMarked
package io.spyhop.engine.namespace;

import org.jspecify.annotations.NullMarked;
