/**
 * Black-box tests: the built product as a process, real containers on a real engine, a real browser, HTTP only. A test
 * states what a container wrote and asks whether exactly that can be read: every line once, in order, numbered without a
 * gap.
 */
@NullMarked
package io.spyhop.e2e;

import org.jspecify.annotations.NullMarked;
