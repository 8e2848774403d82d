package io.spyhop.contracts.internal;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Each replica knows a part of the answer: a caller asks all of them and joins their maps. A replica that does not answer
 * leaves its part out; where none answers the call fails. For methods that return a {@code Map} whose keys no two replicas
 * share.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface EveryReplica {}
