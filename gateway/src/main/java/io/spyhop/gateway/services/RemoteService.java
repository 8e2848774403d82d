package io.spyhop.gateway.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.Problem;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.gateway.services.AttemptFailedException.Kind;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A service of another process behind its interface: each method is an HTTP request that carries the shared secret, made
 * after the rules of {@link Calls}. A problem of the service is thrown as the exception that it was. Thread-safe.
 */
final class RemoteService implements InvocationHandler {
    private final Class<?> api;
    private final Calls calls;
    private final Exchange exchange;
    private final Map<Method, Operation> operations = new HashMap<>();

    RemoteService(Class<?> api, Calls calls, Exchange exchange, ObjectMapper json) {
        this.api = api;
        this.calls = calls;
        this.exchange = exchange;
        for (Method method : api.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers())) {
                operations.put(method, new Operation(api, method, json));
            }
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what equality of proxies is
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
        Operation operation = operations.get(method);
        if (operation != null) {
            Calls.Attempt<Optional<Object>> attempt =
                    (replica, limit) -> exchange.ask(replica.address(), operation, given, limit);
            Duration limit = CallLimits.attempt(operation.answer());
            return operation.everyReplica()
                    ? joined(calls.callEvery(operation.again(), limit, attempt))
                    : calls.call(operation.again(), limit, attempt).orElse(null);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, given);
        }
        return switch (method.getName()) {
            case "equals" -> proxy == given[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> api.getSimpleName() + " of " + exchange.service;
        };
    }

    private static Map<?, ?> joined(List<Optional<Object>> parts) {
        Map<Object, Object> all = new LinkedHashMap<>();
        for (Optional<Object> part : parts) {
            all.putAll((Map<?, ?>) part.orElse(Map.of()));
        }
        return all;
    }

    /** Single requests. */
    static final class Exchange {
        private static final JsonMapper PROBLEMS = JsonMapper.builder().build();

        private final String service;
        private final HttpClient client;
        private final Optional<String> secret;

        Exchange(String service, HttpClient client, Optional<String> secret) {
            this.service = service;
            this.client = client;
            this.secret = secret;
        }

        /** Whether a process answers at this address, whatever it says. */
        boolean lives(URI address) {
            HttpRequest request =
                    HttpRequest.newBuilder(address.resolve("/healthz")).build();
            try {
                send(request, BodyHandlers.discarding(), CallLimits.PROBE);
                return true;
            } catch (AttemptFailedException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** Asks one replica once; empty where the answer says nothing. */
        Optional<Object> ask(URI address, Operation operation, @Nullable Object[] arguments, Duration limit)
                throws AttemptFailedException, InterruptedException {
            HttpRequest.Builder request = operation.request(address, arguments);
            secret.ifPresent(value -> request.header(InternalSecret.HEADER, value));
            trace(request);
            HttpResponse<byte[]> response = send(request.build(), BoundedBody.of(operation.bytesMax()), limit);
            int status = response.statusCode();
            if (status == 502 || status == 503 || status == 504) {
                throw new AttemptFailedException(problem(response)
                        .filter(said -> said.code() == ErrorCode.DEPENDENCY_AWAY)
                        .orElseGet(() -> away("answered with status " + status, null)));
            }
            if (status < 200 || status >= 300) {
                throw problem(response)
                        // Without a fault of the caller's, the secret or the address of the service is wrong.
                        .filter(said -> said.code() != ErrorCode.NOT_FOUND && said.code() != ErrorCode.INTERNAL)
                        .orElseGet(() -> away("answered with status " + status, null));
            }
            try {
                return Optional.ofNullable(operation.read(response.body()));
            } catch (IOException e) {
                throw away("answered with what cannot be read", e);
            }
        }

        private static void trace(HttpRequest.Builder request) {
            TraceContext current = CurrentTrace.get();
            if (current != null) {
                request.header(TraceContext.HEADER, current.child().traceparent());
                if (current.state() != null) {
                    request.header(TraceContext.STATE_HEADER, current.state());
                }
            }
        }

        private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body, Duration limit)
                throws AttemptFailedException, InterruptedException {
            CompletableFuture<HttpResponse<T>> sent = client.sendAsync(request, body);
            try {
                return sent.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new AttemptFailedException(Kind.SILENT, e);
            } catch (ExecutionException e) {
                throw failed(Objects.requireNonNullElse(e.getCause(), e));
            } finally {
                // Without effect on one that has ended; any other gives its connection back.
                sent.cancel(true);
            }
        }

        private AttemptFailedException failed(Throwable cause) {
            for (Throwable each = cause; each != null; each = each.getCause()) {
                if (each instanceof BoundedBody.TooLargeException tooLarge) {
                    throw away("answered with " + tooLarge.getMessage(), tooLarge);
                }
            }
            return switch (cause) {
                case HttpConnectTimeoutException e -> new AttemptFailedException(Kind.UNREACHABLE, e);
                case ConnectException e -> new AttemptFailedException(Kind.UNREACHABLE, e);
                default -> new AttemptFailedException(Kind.BROKEN, cause);
            };
        }

        private SpyhopException away(String how, @Nullable Throwable cause) {
            return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, service + " " + how, cause);
        }

        private static Optional<SpyhopException> problem(HttpResponse<byte[]> response) {
            try {
                Problem problem = PROBLEMS.readValue(response.body(), Problem.class);
                return Arrays.stream(ErrorCode.values())
                        .filter(code -> code.wire().equals(problem.code()))
                        .findFirst()
                        .map(code -> new SpyhopException(code, problem.detail()));
            } catch (IOException | RuntimeException e) {
                return Optional.empty();
            }
        }
    }
}
