package io.spyhop.gateway;

import io.spyhop.embedded.TestBackends;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicAdmin;
import java.util.Map;

/** A broker, with topics, and a database for the tests of the gateway. */
public final class Backends extends TestBackends {
    public static final String ADMIN = "an-admin-token-for-tests";

    @Override
    protected Map<String, String> settings() {
        TopicAdmin.ensureAll(new KafkaConnection(broker().bootstrapServers(), "test", "0"));
        return Map.of(
                "spyhop.admin.token", ADMIN,
                "spyhop.http.allowed-hosts", "logs.example.com",
                "spyhop.gateway.keep-alive", "1S",
                "spyhop.http.head-timeout", "3S");
    }
}
