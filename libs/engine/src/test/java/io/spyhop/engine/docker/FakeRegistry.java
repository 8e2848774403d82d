package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A registry on loopback, to which engines speak plain HTTP, with one image that has an empty layer and a port. */
final class FakeRegistry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    private static final String UNKNOWN =
            "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}";

    private static final String REFUSAL =
            "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\nWWW-Authenticate: Basic realm=\"it\"\r\n\r\n";

    /** An archive without files. */
    private static final byte[] LAYER = new byte[1024];

    private final ServerSocket server;
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final byte[] manifest;
    private final @Nullable String login;

    FakeRegistry() {
        this(null);
    }

    /** Gives nothing to whoever does not show a login, {@code <user>:<password>}. */
    FakeRegistry(@Nullable String login) {
        this.login = login;
        byte[] layer = zipped(LAYER);
        byte[] config = """
                {"architecture":"amd64","os":"linux","config":{"ExposedPorts":{"8080/tcp":{},"53/udp":{}}},
                "rootfs":{"type":"layers","diff_ids":["%s"]}}
                """.formatted(digest(LAYER)).getBytes(UTF_8);
        blobs.put(digest(layer), layer);
        blobs.put(digest(config), config);
        manifest = """
                {"schemaVersion":2,"mediaType":"%s",
                "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},
                "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}
                """.formatted(MANIFEST, config.length, digest(config), layer.length, digest(layer))
                .getBytes(UTF_8);
        blobs.put(digest(manifest), manifest);
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** A reference without a tag. */
    String image(String name) {
        return "127.0.0.1:" + server.getLocalPort() + "/" + name;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            // Engines try TLS first, which begins with this byte.
            if (in.read() == 0x16) {
                return;
            }
            String[] request = String.valueOf(in.readLine()).split(" ", -1);
            boolean admitted = login == null;
            String header = in.readLine();
            while (header != null && !header.isEmpty()) {
                admitted |= header.equalsIgnoreCase("Authorization: Basic " + encoded(login));
                header = in.readLine();
            }
            client.getOutputStream()
                    .write(admitted ? answer(request[0].equals("EAD"), request[1]) : REFUSAL.getBytes(UTF_8));
        } catch (IOException e) {
            // The engine has what it wanted.
        }
    }

    private byte[] answer(boolean head, String path) throws IOException {
        boolean isManifest = path.contains("/manifests/");
        byte[] body = path.endsWith("/latest")
                ? manifest
                : path.equals("/v2/") ? "{}".getBytes(UTF_8) : blobs.get(path.substring(path.lastIndexOf('/') + 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String status = body == null ? "404 Not Found" : "200 OK";
        body = body == null ? UNKNOWN.getBytes(UTF_8) : body;
        out.write(
                ("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\nContent-Type: "
                                + (isManifest ? MANIFEST : "application/octet-stream") + "\r\nDocker-Content-Digest: "
                                + digest(body) + "\r\n\r\n")
                        .getBytes(UTF_8));
        if (!head) {
            out.write(body);
        }
        return out.toByteArray();
    }

    private static String encoded(@Nullable String text) {
        return Base64.getEncoder().encodeToString(String.valueOf(text).getBytes(UTF_8));
    }

    private static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
