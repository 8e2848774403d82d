package io.spyhop.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a program that speaks TLS shows, made by the JDK's keytool. */
public final class Certificate {
    private Certificate() {}

    /** A key, and a certificate by nobody. */
    public static PfxOptions any() {
        try {
            Path file = Files.createTempDirectory("certificate").resolve("key.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-alias",
                            "program",
                            "-dname",
                            "CN=program",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            "password",
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            PfxOptions options = new PfxOptions()
                    .setValue(Buffer.buffer(Files.readAllBytes(file)))
                    .setPassword("password");
            Files.delete(file);
            Files.delete(file.getParent());
            return options;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
