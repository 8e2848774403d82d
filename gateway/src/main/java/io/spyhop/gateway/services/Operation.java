package io.spyhop.gateway.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.internal.EveryReplica;
import io.spyhop.contracts.internal.Idempotent;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesPageBody;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method of an internal interface as HTTP. It knows what those interfaces use: a path with parameters, query
 * parameters, one body as JSON, an answer of JSON or lines; anything else is refused when it is made. Immutable.
 */
final class Operation {
    private final String verb;
    private final String path;
    private final String accept;
    private final Parameter[] parameters;
    private final Method method;
    private final ObjectMapper json;

    /**
     * Reads the annotations of a method.
     *
     * @throws IllegalArgumentException when they say what cannot be done
     */
    Operation(Class<?> api, Method method, ObjectMapper json) {
        this.method = method;
        this.json = json;
        this.verb = Arrays.stream(method.getAnnotations())
                .map(each -> each.annotationType().getAnnotation(HttpMethod.class))
                .filter(each -> each != null)
                .map(HttpMethod::value)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no HTTP method: " + method));
        this.path = path(api.getAnnotation(Path.class)) + path(method.getAnnotation(Path.class));
        Produces produces = method.isAnnotationPresent(Produces.class)
                ? method.getAnnotation(Produces.class)
                : api.getAnnotation(Produces.class);
        this.accept = produces == null ? MediaType.APPLICATION_JSON : produces.value()[0];
        if (method.isAnnotationPresent(EveryReplica.class) && method.getReturnType() != Map.class) {
            throw new IllegalArgumentException("only maps can be joined: " + method);
        }
        this.parameters = method.getParameters();
        for (Parameter parameter : parameters) {
            for (Annotation each : parameter.getAnnotations()) {
                if (each.annotationType().getPackage().equals(Path.class.getPackage())
                        && !(each instanceof PathParam)
                        && !(each instanceof QueryParam)) {
                    throw new IllegalArgumentException("only path and query parameters are known: " + method);
                }
            }
        }
    }

    /** Whether asking twice is as good as asking once. */
    boolean again() {
        return verb.equals("GET") || method.isAnnotationPresent(Idempotent.class);
    }

    /** Whether each replica knows a part of the answer. */
    boolean everyReplica() {
        return method.isAnnotationPresent(EveryReplica.class);
    }

    Class<?> answer() {
        return method.getReturnType();
    }

    int bytesMax() {
        return answer() == LinesPage.class ? CallLimits.LINES_BYTES_MAX : CallLimits.JSON_BYTES_MAX;
    }

    /** The request of a call. */
    HttpRequest.Builder request(URI service, @Nullable Object[] arguments) {
        String target = path;
        StringBuilder query = new StringBuilder();
        HttpRequest.BodyPublisher body = BodyPublishers.noBody();
        boolean hasBody = false;
        for (int i = 0; i < parameters.length; i++) {
            Object argument = arguments[i];
            PathParam inPath = parameters[i].getAnnotation(PathParam.class);
            QueryParam inQuery = parameters[i].getAnnotation(QueryParam.class);
            if (inPath != null) {
                target = target.replace(
                        "{" + inPath.value() + "}", encoded(argument).replace("+", "%20"));
            } else if (inQuery != null) {
                for (Object value : argument instanceof Collection<?> many ? many : some(argument)) {
                    query.append(query.isEmpty() ? '?' : '&')
                            .append(inQuery.value())
                            .append('=')
                            .append(encoded(value));
                }
            } else {
                body = BodyPublishers.ofByteArray(written(argument));
                hasBody = true;
            }
        }
        String base = service.toString().replaceFirst("/+$", "");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + target + query)).header("Accept", accept);
        return (hasBody ? request.header("Content-Type", MediaType.APPLICATION_JSON) : request).method(verb, body);
    }

    /**
     * What a call returns.
     *
     * @throws IOException when the body is not what it should be
     */
    @Nullable
    Object read(byte[] body) throws IOException {
        if (answer() == void.class || body.length == 0) {
            return null;
        }
        if (answer() == LinesPage.class) {
            return LinesPageBody.read(new ByteArrayInputStream(body));
        }
        return json.readValue(body, json.constructType(method.getGenericReturnType()));
    }

    private byte[] written(@Nullable Object argument) {
        try {
            return json.writeValueAsBytes(argument);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an argument cannot be written", e);
        }
    }

    private static List<Object> some(@Nullable Object argument) {
        return argument == null ? List.of() : List.of(argument);
    }

    private static String encoded(@Nullable Object value) {
        String text = value instanceof Enum<?> constant ? constant.name() : String.valueOf(value);
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String path(@Nullable Path path) {
        if (path == null) {
            return "";
        }
        return path.value().startsWith("/") ? path.value() : "/" + path.value();
    }
}
