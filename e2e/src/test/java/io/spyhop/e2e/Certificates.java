package io.spyhop.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Certificates for an engine that wants TLS, each in a folder of {@code ca.pem}, {@code cert.pem} and {@code key.pem}. Made
 * by the command {@code openssl}, valid for two days. Immutable.
 *
 * @param server what the engine shows
 * @param client what it accepts
 * @param stranger a client's of another authority, which it does not accept
 */
record Certificates(Path server, Path client, Path stranger) {
    /** Makes certificates below a directory. */
    static Certificates in(Path directory) {
        try {
            Path ours = authority(directory.resolve("authority"));
            Path theirs = authority(directory.resolve("other-authority"));
            return new Certificates(
                    signed(
                            directory.resolve("server"),
                            ours,
                            ours,
                            "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth"),
                    signed(directory.resolve("client"), ours, ours, "extendedKeyUsage=clientAuth"),
                    signed(directory.resolve("stranger"), theirs, ours, "extendedKeyUsage=clientAuth"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path authority(Path folder) throws IOException {
        Files.createDirectories(folder);
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + folder.getFileName() + " -keyout " + folder
                + "/key.pem -out " + folder + "/cert.pem");
        return folder;
    }

    private static Path signed(Path folder, Path by, Path trusted, String extensions) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("extensions"), extensions + "\n");
        Files.copy(trusted.resolve("cert.pem"), folder.resolve("ca.pem"));
        openssl("req -newkey rsa:2048 -nodes -subj /CN=" + folder.getFileName() + " -keyout " + folder
                + "/key.pem -out " + folder + "/request");
        openssl("x509 -req -days 2 -in " + folder + "/request -CA " + by + "/cert.pem -CAkey " + by
                + "/key.pem -CAcreateserial -extfile " + folder + "/extensions -out " + folder + "/cert.pem");
        return folder;
    }

    /** No word of a command here has a space in it. */
    private static void openssl(String arguments) {
        Shell.run(("openssl " + arguments).split(" "));
    }
}
