package io.spyhop.logs.search;

/** Numbers above one and below another. */
record NumberRange(long after, long before) {}
