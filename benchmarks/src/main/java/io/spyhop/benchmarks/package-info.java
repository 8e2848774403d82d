/**
 * What Spyhop is measured by, against what. {@code Main} picks a benchmark; a benchmark starts the product as users do, with
 * {@code ./spyhop up}, does the same thing to Spyhop and to what people use today in turns, and prints one table. Nothing
 * here is part of the product.
 */
@NullMarked
package io.spyhop.benchmarks;

import org.jspecify.annotations.NullMarked;
