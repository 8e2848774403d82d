package io.spyhop.embedded;

import java.util.Map;

/** What a child process gets to see of this one's environment: nothing, since it may hold tokens. */
final class Surroundings {
    private Surroundings() {}

    static void reduce(ProcessBuilder builder) {
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LC_ALL", "C");
    }
}
