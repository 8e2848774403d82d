package io.spyhop.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** Values as JSON. Unknown fields are ignored, so that records may gain fields. Thread-safe. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a value for JSON: " + value.getClass(), e);
        }
    }

    /**
     * Reads a value.
     *
     * @throws IOException when the bytes are not JSON of that type; the JSON text {@code null} is not either
     */
    static <V> V read(byte[] json, Class<V> type) throws IOException {
        V value = MAPPER.readValue(json, type);
        if (value == null) {
            throw new IOException("the value is null");
        }
        return value;
    }
}
