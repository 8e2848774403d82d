package io.spyhop.gateway.services;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.log.LinesPageBody;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.Problem;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;

/** A service of another process: a REST client that carries the shared secret and speaks in problems. Thread-safe. */
final class RemoteService {
    /** A service is on this machine or next to it: one that does not accept by then is away. */
    private static final long CONNECT_SECONDS = 1;

    /** The largest page takes far less. */
    private static final long READ_SECONDS = 10;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RemoteService() {}

    static <T> T open(Class<T> api, String name, String url, InternalSecret secret) {
        T client = RestClientBuilder.newBuilder()
                .baseUri(URI.create(url))
                .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .readTimeout(READ_SECONDS, TimeUnit.SECONDS)
                .register((ClientRequestFilter) request ->
                        secret.value().ifPresent(value -> request.getHeaders().putSingle(InternalSecret.HEADER, value)))
                .register(new Problems(name))
                .register(LinesPageBody.class)
                .build(api);
        return api.cast(Proxy.newProxyInstance(
                api.getClassLoader(), new Class<?>[] {api}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw translated(name, Objects.requireNonNullElse(e.getCause(), e));
                    }
                }));
    }

    private static Throwable translated(String name, Throwable thrown) {
        return switch (thrown) {
            case SpyhopException known -> known;
            case ProcessingException broken -> away(name, broken);
            // The client wraps what the mapper threw where it ran on another thread.
            case RuntimeException wrapped when wrapped.getCause() instanceof SpyhopException known -> known;
            case RuntimeException other -> away(name, other);
            default -> thrown;
        };
    }

    private static SpyhopException away(String name, Throwable cause) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, name + " is away", cause);
    }

    /** Turns a service's problem back into the exception that it was. */
    private record Problems(String name) implements ResponseExceptionMapper<RuntimeException> {
        @Override
        public boolean handles(int status, MultivaluedMap<String, Object> headers) {
            return status >= 300;
        }

        @Override
        public RuntimeException toThrowable(Response response) {
            return code(response)
                    // Without a fault of the caller's, the secret or the address of the service is wrong.
                    .filter(problem -> problem.code() != ErrorCode.NOT_FOUND && problem.code() != ErrorCode.INTERNAL)
                    .orElseGet(() -> new SpyhopException(
                            ErrorCode.DEPENDENCY_AWAY, name + " answered with status " + response.getStatus()));
        }

        private static Optional<SpyhopException> code(Response response) {
            try {
                Problem problem = JSON.readValue(response.readEntity(String.class), Problem.class);
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
