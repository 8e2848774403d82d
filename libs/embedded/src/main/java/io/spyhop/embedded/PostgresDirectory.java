package io.spyhop.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory while no server runs on it: made once beside its final place and renamed, so that it exists only
 * complete; and freed of a server that a killed process left behind.
 */
final class PostgresDirectory {
    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresDirectory.class);
    private static final String PASSWORD = "password";
    private static final int PASSWORD_BYTES = 24;
    private static final int COMMAND_SECONDS_MAX = 120;
    private static final int FAST_STOP_SECONDS = 20;
    private static final int IMMEDIATE_STOP_SECONDS = 10;
    private static final int STATUS_LINE = 7;

    private final Path home;
    private final Path directory;
    private final PostgresBinaries binaries;
    private final ServerAccount account;

    PostgresDirectory(Path home, PostgresBinaries binaries) throws IOException {
        this.home = home;
        this.directory = home.resolve("data");
        this.binaries = binaries;
        this.account = ServerAccount.choose(directory);
    }

    Path directory() {
        return directory;
    }

    ServerAccount account() {
        return account;
    }

    /** Makes the data directory, the database and its role where they are missing; answers the role's password. */
    String prepare(Optional<String> given) throws IOException, InterruptedException {
        Path passwordFile = home.resolve(PASSWORD);
        boolean kept = Files.exists(passwordFile);
        String password = given.isPresent() ? given.get() : kept ? password(home) : newPassword();
        boolean known = kept && password(home).equals(password);
        if (!Files.exists(directory)) {
            create(password);
        } else {
            checkVersion();
            if (!known) {
                // Another one was given, or somebody removed the file: nobody but us ever needed the old password.
                runSingleUser(directory, "ALTER ROLE " + PostgresSettings.USER + " PASSWORD " + quoted(password));
            }
        }
        if (!known) {
            writePrivately(home.resolve("password.new"), password);
            Files.move(home.resolve("password.new"), passwordFile, StandardCopyOption.ATOMIC_MOVE);
        }
        return password;
    }

    /** The role's password as the directory keeps it. */
    static String password(Path home) throws IOException {
        return Files.readString(home.resolve(PASSWORD), StandardCharsets.UTF_8).strip();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private void create(String password) throws IOException, InterruptedException {
        Path fresh = home.resolve("data.new");
        Trees.delete(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.own(fresh);
        // The superuser's password is known to nobody: no rule lets the superuser in over the network.
        Path superuserPassword = home.resolve("initdb.password");
        try {
            writePrivately(superuserPassword, newPassword());
            account.own(superuserPassword);
            run(
                    "",
                    List.of(
                            binaries.program("initdb"),
                            "--pgdata=" + fresh,
                            "--username=postgres",
                            "--auth=scram-sha-256",
                            "--pwfile=" + superuserPassword,
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--data-checksums",
                            "--no-instructions"));
        } finally {
            Files.deleteIfExists(superuserPassword);
        }
        runSingleUser(
                fresh,
                "CREATE ROLE " + PostgresSettings.USER + " LOGIN PASSWORD " + quoted(password),
                "CREATE DATABASE " + PostgresSettings.DATABASE + " OWNER " + PostgresSettings.USER);
        Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private void checkVersion() throws IOException {
        String found = Files.readString(directory.resolve("PG_VERSION"), StandardCharsets.US_ASCII)
                .strip();
        if (!found.equals(binaries.majorVersion())) {
            throw new EmbeddedException(directory + " was written by PostgreSQL " + found + " and this is PostgreSQL "
                    + binaries.majorVersion() + "; move the data with pg_dump, or choose another directory.");
        }
    }

    private void runSingleUser(Path data, String... statements) throws IOException, InterruptedException {
        run(
                String.join(";\n", statements) + ";\n",
                List.of(
                        binaries.program("postgres"),
                        "--single",
                        "-D",
                        data.toString(),
                        "-c",
                        "exit_on_error=true",
                        "-c",
                        "log_min_error_statement=panic",
                        "postgres"));
    }

    /** Stops a server that still runs here; we hold the lock, so no living process of ours uses it. */
    void stopLeftover() throws IOException, InterruptedException {
        Optional<ProcessHandle> holder = holder();
        if (holder.isEmpty()) {
            return;
        }
        ProcessHandle server = holder.get();
        if (!isServer(server)) {
            // After a restart of the machine or container its number belongs to somebody else, which would keep
            // PostgreSQL from starting.
            Files.deleteIfExists(directory.resolve("postmaster.pid"));
            return;
        }
        LOGGER.atWarn().log("Stopping the database server that a killed process left behind.");
        stop(server);
    }

    /** The living process that the directory's pid file names. */
    private Optional<ProcessHandle> holder() throws IOException {
        List<String> lines = pidFile();
        if (lines.isEmpty() || !lines.getFirst().strip().matches("-?\\d{1,10}")) {
            return Optional.empty();
        }
        // Single-user mode writes a negative number.
        return ProcessHandle.of(Math.abs(Long.parseLong(lines.getFirst().strip())));
    }

    private boolean isServer(ProcessHandle process) {
        try {
            byte[] command = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
            return List.of(new String(command, StandardCharsets.UTF_8).split("\0"))
                    .contains(directory.toString());
        } catch (IOException e) {
            // It has just ended.
            return false;
        }
    }

    /** Whether the server with this number accepts clients. */
    boolean isReady(long pid) throws IOException {
        List<String> lines = pidFile();
        return lines.size() > STATUS_LINE
                && lines.getFirst().strip().equals(Long.toString(pid))
                && lines.get(STATUS_LINE).strip().equals("ready");
    }

    private List<String> pidFile() throws IOException {
        Path file = directory.resolve("postmaster.pid");
        return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
    }

    /** Fast, if it does not obey at once, if it does not obey by force: the next start recovers from that. */
    void stop(ProcessHandle server) throws IOException, InterruptedException {
        if (!askToStop(server, "fast", FAST_STOP_SECONDS) && !askToStop(server, "immediate", IMMEDIATE_STOP_SECONDS)) {
            server.destroyForcibly();
            Awaiting.until(() -> !server.isAlive(), IMMEDIATE_STOP_SECONDS);
        }
    }

    private boolean askToStop(ProcessHandle server, String mode, int seconds) throws IOException, InterruptedException {
        try {
            run("", List.of(binaries.program("pg_ctl"), "stop", "-D", directory.toString(), "-m", mode, "--no-wait"));
        } catch (EmbeddedException e) {
            LOGGER.atDebug().setCause(e).log("Could not ask the database server to stop.");
        }
        return Awaiting.until(() -> !server.isAlive(), seconds);
    }

    private void run(String input, List<String> command) throws IOException, InterruptedException {
        List<String> full = new ArrayList<>(account.prefix());
        full.addAll(command);
        // Into a file: a pipe would have to be drained at the same time as the input is written.
        Path output = home.resolve("command.log");
        ProcessBuilder builder = new ProcessBuilder(full)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Surroundings.reduce(builder);
        Process process = builder.start();
        try {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new EmbeddedException(Path.of(command.getFirst()).getFileName() + " failed: "
                        + Files.readString(output, StandardCharsets.ISO_8859_1).strip());
            }
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    private static String newPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void writePrivately(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content + "\n", StandardCharsets.US_ASCII);
    }
}
