package io.spyhop.gateway.scope;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a token may do; each role may do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Stop, start, run. */
    OPERATOR,
    /** Mint and revoke tokens. */
    ADMIN;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a name from the wire. */
    public static Role of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
