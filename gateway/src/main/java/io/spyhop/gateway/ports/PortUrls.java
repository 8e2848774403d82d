package io.spyhop.gateway.ports;

import io.spyhop.contracts.WorkloadId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.eclipse.microprofile.config.ConfigProvider;

/** The URL of each port of each instance. Thread-safe. */
@ApplicationScoped
public class PortUrls {
    /** The longest label that names have. */
    public static final int LABEL_MAX = 63;

    private static final int HASH_LENGTH = 9;
    private static final int PORT_DEFAULT = 8080;

    private static final String LOCAL = "localhost";

    private final BaseUrlConfig config;
    private final String scheme;
    private final String host;

    @Inject
    PortUrls(BaseUrlConfig config) {
        this.config = config;
        this.scheme = config.baseUrl().map(URI::getScheme).orElse("http");
        this.host = config.baseUrl().map(URI::getHost).orElse(LOCAL);
    }

    /** The scheme of {@link #base}. */
    public String scheme() {
        return scheme;
    }

    /** The host name of {@link #base}. */
    public String host() {
        return host;
    }

    /** What browsers ask Spyhop by: scheme, host name and, unless it is the scheme's own, the port. */
    public URI base() {
        return config.baseUrl().orElseGet(PortUrls::local);
    }

    /** The URL of a port. */
    public String url(WorkloadId workload, int index, int port) {
        URI base = base();
        return base.getScheme() + "://" + label(workload, index, port) + "." + base.getRawAuthority();
    }

    /** The first label of its host name; where that would be too long, the end of it is a hash of all. */
    public static String label(WorkloadId workload, int index, int port) {
        String label = "worker-" + index + "-" + workload + "-" + port;
        if (label.length() <= LABEL_MAX) {
            return label;
        }
        CRC32C hash = new CRC32C();
        hash.update(label.getBytes(StandardCharsets.US_ASCII));
        return label.substring(0, LABEL_MAX - HASH_LENGTH) + "-"
                + HexFormat.of().toHexDigits((int) hash.getValue());
    }

    private static URI local() {
        int port = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.port", Integer.class)
                .orElse(PORT_DEFAULT);
        return URI.create("http://" + LOCAL + ":" + port);
    }
}
