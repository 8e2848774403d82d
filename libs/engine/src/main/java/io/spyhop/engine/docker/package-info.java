/**
 * The Docker Engine API, over docker-java's transport. Requests are plain HTTP and answers are read here, because the
 * library's own commands cut log frames and know time in whole seconds only. {@link
 * io.spyhop.engine.docker.DockerEngine} is the door; {@code DockerTransport} sends a request and bounds its time, {@code
 * LogFrameDecoder} is the hot path of a log, {@code DockerEventStream} reads events, {@code DockerJson} reads answers.
 */
@NullMarked
package io.spyhop.engine.docker;

import org.jspecify.annotations.NullMarked;
