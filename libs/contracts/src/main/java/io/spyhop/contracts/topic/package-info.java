/** Kafka topics, declared once, and how records are keyed. */
@NullMarked
package io.spyhop.contracts.topic;

import org.jspecify.annotations.NullMarked;
