/**
 * The one door to containers. {@link io.spyhop.engine.ContainerEngine} is what services see; {@code docker} implements
 * it for the Docker Engine API, and the tests' fake passes the same contract test.
 */
@NullMarked
package io.spyhop.engine;

import org.jspecify.annotations.NullMarked;
