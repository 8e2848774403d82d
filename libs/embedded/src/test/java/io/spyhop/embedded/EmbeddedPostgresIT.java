package io.spyhop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    /** Where the first start was, which takes longer than anything else here: the others begin with what it left. */
    @TempDir
    static Path first;

    @TempDir
    Path directory;

    /** It goes on where another one was killed. */
    @BeforeAll
    static void startFirst() throws IOException {
        Files.createDirectories(first.resolve("data.new/base"));
        Files.writeString(first.resolve("data.new/PG_VERSION"), "18\n");
        Files.createDirectories(first.resolve("pg.new/bin"));
        EmbeddedPostgres.start(first, 0).close();
    }

    @BeforeEach
    void giveWhatTheFirstStartLeft() throws IOException, InterruptedException {
        Path programs = programs();
        Files.createSymbolicLink(directory.resolve(programs.getFileName()), programs);
        // With their owners.
        Process copying = new ProcessBuilder(
                        "cp",
                        "-a",
                        first.resolve("data").toString(),
                        first.resolve("password").toString(),
                        directory.toString())
                .inheritIO()
                .start();
        assertThat(copying.waitFor()).isZero();
    }

    /** A server of a killed child goes on for a moment, and its files with it. */
    @AfterEach
    void awaitServerEnd() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !Files.exists(directory.resolve("data/postmaster.pid")));
    }

    @Test
    void shouldRefuseAClientWhenItsPasswordIsWrong() throws Exception {
        // Given
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {

            // When / Then
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "wrong"))
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("28P01");
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), "postgres", postgres.password()))
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("28000");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void shouldBeDurableAndModestWhenStarted() throws Exception {
        // Given
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0);
                Connection connection = connect(postgres)) {

            // When
            List<String> settings = new ArrayList<>();
            for (String name : List.of(
                    "fsync",
                    "data_checksums",
                    "listen_addresses",
                    "password_encryption",
                    "server_encoding",
                    "is_superuser")) {
                settings.add(text(connection, "SHOW " + name));
            }

            // Then
            assertThat(settings).containsExactly("on", "on", "127.0.0.1", "scram-sha-256", "UTF8", "off");
            assertThat(text(connection, "SELECT lower('ÄÖ') || current_user || current_database()"))
                    .isEqualTo("äöspyhopspyhop");
        }
    }

    @Test
    void shouldKeepDataAndPasswordWhenRestarted() throws Exception {
        // Given
        String password;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {
            password = postgres.password();
            insert(postgres.jdbcUrl(), password);
        }
        int port = FreePort.any();

        // When
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, port)) {

            // Then
            assertThat(postgres.jdbcUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:" + port + "/spyhop");
            assertThat(postgres.password()).isEqualTo(password);
            assertThat(count(postgres)).isEqualTo(1);
        }
    }

    @Test
    void shouldMakeANewPasswordWhenItsFileWasRemoved() throws Exception {
        // Given
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {
            insert(postgres.jdbcUrl(), postgres.password());
        }
        Files.delete(directory.resolve("password"));

        // When
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {

            // Then
            assertThat(count(postgres)).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepCommittedDataWhenItsParentIsKilled() throws Exception {
        // Given
        try (ChildJvm child = ChildJvm.holding(EmbeddedPostgres.class, directory)) {
            insert(
                    child.address(),
                    Files.readString(directory.resolve("password")).strip());
            child.kill();
        }

        // When
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {

            // Then
            assertThat(count(postgres)).isEqualTo(1);
        }
    }

    @Test
    void shouldStopTheServerWhenItsParentIsKilled() throws Exception {
        // Given
        long server;
        try (ChildJvm child = ChildJvm.holding(EmbeddedPostgres.class, directory)) {
            server = serverPid();

            // When
            child.kill();
        }

        // Then
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        ProcessHandle.of(server).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void shouldStopAServerThatStillRunsWhenStarted() throws Exception {
        // Given
        EmbeddedPostgres.start(directory, 0).close();
        startByHand();
        long leftover = serverPid();

        // When
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {

            // Then
            assertThat(ProcessHandle.of(leftover).filter(ProcessHandle::isAlive))
                    .isEmpty();
            assertThat(serverPid()).isNotEqualTo(leftover);
            insert(postgres.jdbcUrl(), postgres.password());
        }
    }

    @Test
    void shouldStartWhenItsFormerNumberBelongsToAnotherProcess() throws Exception {
        // Given
        Files.writeString(
                directory.resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + directory.resolve("data") + "\n");

        // When
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {

            // Then
            assertThat(serverPid()).isNotEqualTo(ProcessHandle.current().pid());
            insert(postgres.jdbcUrl(), postgres.password());
        }
    }

    @Test
    void shouldRecoverWhenTheServerItselfIsKilled() throws Exception {
        // Given
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {
            insert(postgres.jdbcUrl(), postgres.password());
            ProcessHandle.of(serverPid()).orElseThrow().destroyForcibly();
        }

        // When
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {

            // Then
            assertThat(count(postgres)).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseASecondStartWhenOneRunsInAnotherProcess() throws Exception {
        // Given
        try (ChildJvm child = ChildJvm.holding(EmbeddedPostgres.class, directory)) {

            // When / Then
            assertThatThrownBy(() -> EmbeddedPostgres.start(directory, 0))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("is in use by a running process (");
            assertThat(child.address()).startsWith("jdbc:postgresql://127.0.0.1:");
        }
    }

    @Test
    void shouldGoOnWhenAFirstStartWasKilled() throws Exception {
        // When / Then: the first start here
        assertThat(programs()).isDirectory();
        assertThat(first.resolve("data/base")).isNotEmptyDirectory();
        assertThat(first.resolve("data.new")).doesNotExist();
        assertThat(first.resolve("pg.new")).doesNotExist();
    }

    @Test
    void shouldSayWhyWhenTheDataIsOfAnotherMajorVersion() throws Exception {
        // Given
        Files.writeString(directory.resolve("data/PG_VERSION"), "17\n");

        // When / Then
        assertThatThrownBy(() -> EmbeddedPostgres.start(directory, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("was written by PostgreSQL 17");
    }

    private static Path programs() throws IOException {
        return Path.of(PostgresBinaries.in(first).program("postgres"))
                .resolve("../..")
                .normalize();
    }

    private void startByHand() throws IOException, InterruptedException {
        PostgresBinaries binaries = PostgresBinaries.in(directory);
        List<String> command =
                new ArrayList<>(ServerAccount.choose(directory.resolve("data")).prefix());
        command.addAll(List.of(
                binaries.program("pg_ctl"),
                "start",
                "-w",
                "-D",
                directory.resolve("data").toString(),
                "-l",
                "/dev/null",
                "-o",
                "-c config_file=" + directory.resolve("postgresql.conf")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private long serverPid() throws IOException {
        return Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static void insert(String jdbcUrl, String password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "spyhop", password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA logs");
            statement.execute("CREATE TABLE logs.line (number bigint PRIMARY KEY)");
            statement.execute("INSERT INTO logs.line VALUES (1)");
        }
    }

    private static int count(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = connect(postgres)) {
            return Integer.parseInt(text(connection, "SELECT count(*) FROM logs.line"));
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }
}
