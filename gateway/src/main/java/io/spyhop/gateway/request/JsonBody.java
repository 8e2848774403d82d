package io.spyhop.gateway.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request strictly: unknown fields, wrong types and anything after the end are told by the field's
 * name. What was sent is never repeated in the answer. Thread-safe.
 */
public final class JsonBody {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    /** The largest body, whether its length was told or not. */
    public static final int BYTES_MAX = 1024 * 1024;

    private JsonBody() {}

    /**
     * Reads a body that may be missing.
     *
     * @throws SpyhopException {@code BODY_INVALID}, or {@code BODY_TOO_LARGE}
     */
    public static <T> Optional<T> readOptional(@Nullable InputStream in, Class<T> type) {
        byte[] body = bytes(in);
        return body.length == 0 ? Optional.empty() : Optional.of(read(new ByteArrayInputStream(body), type));
    }

    /**
     * Reads a body.
     *
     * @throws SpyhopException {@code BODY_INVALID}, or {@code BODY_TOO_LARGE}
     */
    public static <T> T read(@Nullable InputStream in, Class<T> type) {
        ObjectReader reader = STRICT.readerFor(type);
        try {
            byte[] body = bytes(in);
            if (body.length == 0) {
                throw new SpyhopException(ErrorCode.BODY_INVALID, "a JSON object is wanted");
            }
            T value = reader.readValue(body);
            if (value == null) {
                throw new SpyhopException(ErrorCode.BODY_INVALID, "a JSON object is wanted");
            }
            return value;
        } catch (JsonMappingException e) {
            String field = path(e);
            throw new SpyhopException(
                    ErrorCode.BODY_INVALID,
                    field.isEmpty() ? "a JSON object is wanted" : field + ": unknown here, or not of the right type",
                    e);
        } catch (JsonProcessingException e) {
            throw new SpyhopException(ErrorCode.BODY_INVALID, "this is not JSON", e);
        } catch (IOException e) {
            throw new SpyhopException(ErrorCode.BODY_INVALID, "the body cannot be read", e);
        }
    }

    private static byte[] bytes(@Nullable InputStream in) {
        try {
            byte[] body = in == null ? new byte[0] : in.readNBytes(BYTES_MAX + 1);
            if (body.length > BYTES_MAX) {
                throw new SpyhopException(ErrorCode.BODY_TOO_LARGE, "at most " + BYTES_MAX + " bytes");
            }
            return body;
        } catch (IOException e) {
            throw new SpyhopException(ErrorCode.BODY_INVALID, "the body cannot be read", e);
        }
    }

    /** A field is wrong: names it and says what is wanted. */
    public static SpyhopException field(String name, String wanted) {
        return new SpyhopException(ErrorCode.BODY_INVALID, name + ": " + wanted);
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference -> reference.getFieldName() == null
                        ? Integer.toString(reference.getIndex())
                        : reference
                                .getFieldName()
                                .substring(
                                        0, Math.min(64, reference.getFieldName().length())))
                .collect(Collectors.joining("."));
    }
}
