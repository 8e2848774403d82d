package io.spyhop.lifecycle.probe;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container is asked. Immutable.
 *
 * @param execFirst whether its address was found not to lead to it
 */
record Question(
        String containerId,
        @Nullable Long pid,
        List<String> addresses,
        int port,
        String path,
        Duration timeout,
        boolean execFirst) {
    String url() {
        return "http://127.0.0.1:" + port + path;
    }
}
