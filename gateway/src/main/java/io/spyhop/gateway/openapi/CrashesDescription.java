package io.spyhop.gateway.openapi;

import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/** Describes crashes: what the annotations do not tell of their schemas. */
final class CrashesDescription {
    private CrashesDescription() {}

    /** A report has lines as logs have them. */
    static void schemas(Map<String, Schema> schemas) {
        @Nullable Schema details = schemas.get("CrashDetails");
        if (details != null) {
            details.addProperty(
                    "lines",
                    OASFactory.createSchema()
                            .addType(Schema.SchemaType.ARRAY)
                            .items(OASFactory.createSchema().ref("Line")));
        }
        schemas.remove("JsonNode");
        schemas.remove("JsonNodeType");
    }
}
