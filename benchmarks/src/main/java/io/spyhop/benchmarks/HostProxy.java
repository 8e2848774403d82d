package io.spyhop.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A proxy that others made, on this machine, which leads everything to one address. It keeps connections to it, as
 * Spyhop does, and writes no log.
 */
final class HostProxy implements AutoCloseable {
    static final Path CADDY = Path.of("/usr/bin/caddy");
    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    private final int port;
    private final Path directory;
    private final Process process;

    private HostProxy(int port, Path directory, Process process) {
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /** Says what is missing. */
    static void check() throws IOException {
        if (!Files.isExecutable(CADDY) || !Files.isExecutable(NGINX)) {
            throw new IOException("This part needs /usr/bin/caddy and /usr/sbin/nginx: install caddy and nginx-light.");
        }
    }

    static HostProxy caddy(String to) throws IOException {
        int port = free();
        Path directory = Files.createTempDirectory("spyhop-bench-caddy");
        // With the options of its command it would speak TLS.
        String settings = """
                {
                    admin off
                    auto_https off
                }
                http://:%d {
                    bind 127.0.0.1
                    reverse_proxy %s
                }
                """.formatted(port, to);
        Path file = Files.writeString(directory.resolve("Caddyfile"), settings);
        return start(port, directory, CADDY.toString(), "run", "--adapter", "caddyfile", "--config", file.toString());
    }

    static HostProxy nginx(String to) throws IOException {
        int port = free();
        Path directory = Files.createTempDirectory("spyhop-bench-nginx");
        Path settings = Files.writeString(directory.resolve("nginx.conf"), nginxSettings(directory, to, port));
        // Its workers are another account's.
        directory.toFile().setExecutable(true, false);
        return start(port, directory, NGINX.toString(), "-c", settings.toString());
    }

    private static HostProxy start(int port, Path directory, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // What Caddy keeps.
        builder.environment().put("XDG_CONFIG_HOME", directory.toString());
        builder.environment().put("XDG_DATA_HOME", directory.toString());
        return new HostProxy(port, directory, builder.start());
    }

    int port() {
        return port;
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor();
            Containers.exit("rm", "-rf", directory.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A worker for each processor, which is what the distribution's own settings say too. */
    private static String nginxSettings(Path directory, String to, int port) {
        return """
            daemon off;
            pid %1$s/pid;
            error_log %1$s/error.log;
            worker_processes auto;
            events { worker_connections 4096; }
            http {
                access_log off;
                keepalive_requests 100000000;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                upstream program { server %2$s; keepalive 64; keepalive_requests 100000000; }
                server {
                    listen 127.0.0.1:%3$d;
                    location / {
                        proxy_pass http://program;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }
            """.formatted(directory, to, port);
    }
}
