package io.spyhop.gateway.token;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.spyhop.contracts.setting.Sensitive;
import java.util.Optional;

/** The first token. */
@ConfigMapping(prefix = "spyhop.admin")
interface AdminConfig {
    /**
     * The first token, 20 to 200 characters. Where it is not set, it stands in {@code <spyhop.data>/admin-token}, which
     * is made at the first start.
     */
    @Sensitive
    Optional<@WithConverter(TokenText.class) String> token();
}
