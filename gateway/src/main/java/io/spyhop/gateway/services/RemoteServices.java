package io.spyhop.gateway.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The connections to services of other processes. Thread-safe. Closing ends the calls that are under way. */
final class RemoteServices implements AutoCloseable {
    /** How a service is asked, and what is known of its replicas: the same for all of its interfaces. */
    private record Asked(RemoteService.Exchange exchange, Calls calls) {}

    private final Map<String, Asked> services = new ConcurrentHashMap<>();
    private final Optional<String> secret;
    private final ObjectMapper json;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService background = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("spyhop-services-", 0).factory());
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CallLimits.CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(background)
            .build();

    /**
     * Nothing is connected yet.
     *
     * @param secret what the services know the gateway by
     */
    RemoteServices(Optional<String> secret, ObjectMapper json) {
        this.secret = secret;
        this.json = json;
    }

    /**
     * A service as its interface. Nothing is asked yet.
     *
     * @param urls its replicas, or names that resolve to them
     */
    <T> T open(Class<T> api, String name, List<URI> urls) {
        Asked asked = services.computeIfAbsent(name, service -> asked(service, urls));
        RemoteService service = new RemoteService(api, asked.calls(), asked.exchange(), json);
        return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, service));
    }

    private Asked asked(String name, List<URI> urls) {
        RemoteService.Exchange exchange = new RemoteService.Exchange(name, client, secret);
        Replicas replicas = new Replicas(
                new Addresses(urls, background),
                address -> new Replica(address, exchange::lives, background, System::nanoTime));
        return new Asked(exchange, new Calls(name, replicas, new Clock()));
    }

    @Override
    public void close() {
        closing.countDown();
        client.shutdownNow();
        background.shutdownNow();
    }

    private final class Clock implements Calls.Time {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            if (closing.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new InterruptedException("closing");
            }
        }
    }
}
