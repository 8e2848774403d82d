/** Numbers and renders lines: after this nobody parses or renders a line again to move it. */
@NullMarked
package io.spyhop.logs.number;

import org.jspecify.annotations.NullMarked;
