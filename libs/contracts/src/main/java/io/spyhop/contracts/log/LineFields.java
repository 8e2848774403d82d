package io.spyhop.contracts.log;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * A value that a line's fields must have. The path's names are nested by dots, or have dots themselves, or both.
 * Thread-safe.
 */
record LineFields(String path, String value) {
    private static final ObjectMapper JSON = new ObjectMapper();

    boolean isIn(LineRow row) {
        int from = row.fields();
        int to = row.fieldsEnd();
        if (from >= to) {
            return false;
        }
        try (JsonParser in = JSON.getFactory().createParser(row.bytes, from, to - from)) {
            return in.nextToken() == JsonToken.START_OBJECT && isIn(in, path);
        } catch (IOException e) {
            return false;
        }
    }

    /** Looks through the object at hand, to its end where it has no such value. */
    private boolean isIn(JsonParser in, String rest) throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken token = in.nextToken();
            if (rest.equals(name)) {
                JsonNode node = in.readValueAsTree();
                if ((node.isTextual() ? node.textValue() : node.toString()).equals(value)) {
                    return true;
                }
            } else if (token == JsonToken.START_OBJECT
                    && rest.startsWith(name)
                    && rest.startsWith(".", name.length())) {
                if (isIn(in, rest.substring(name.length() + 1))) {
                    return true;
                }
            } else {
                in.skipChildren();
            }
        }
        return false;
    }
}
