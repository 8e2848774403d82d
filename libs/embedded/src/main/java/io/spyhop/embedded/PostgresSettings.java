package io.spyhop.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The server's settings, written anew at each start beside the data: the account that runs the server reads them and
 * cannot change them. Durable (fsync is on) and small.
 */
final class PostgresSettings {
    static final String DATABASE = "spyhop";
    static final String USER = "spyhop";

    private static final String SETTINGS = """
            # Written by Spyhop at each start; changes here are lost.
            # Clients come over TCP, where a password is always asked for.
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            max_connections = 60
            superuser_reserved_connections = 0

            shared_buffers = 64MB
            effective_cache_size = 512MB
            maintenance_work_mem = 32MB
            huge_pages = off
            # Reads go through the page cache here: worker processes would only add memory.
            io_method = sync
            jit = off
            max_worker_processes = 2
            max_parallel_workers_per_gather = 0
            max_logical_replication_workers = 0
            autovacuum_worker_slots = 3
            autovacuum_max_workers = 2

            fsync = on
            synchronous_commit = on
            full_page_writes = on
            # No replicas, no archive.
            wal_level = minimal
            max_wal_senders = 0
            min_wal_size = 64MB
            max_wal_size = 512MB
            # Solid-state disks, mostly.
            random_page_cost = 1.1

            # Statements and values may hold what a container printed: they are never logged.
            log_min_messages = warning
            log_min_error_statement = panic
            log_error_verbosity = terse
            log_parameter_max_length_on_error = 0
            log_checkpoints = off
            logging_collector = off
            log_line_prefix = '%m [%p] '
            log_timezone = 'UTC'
            timezone = 'UTC'
            datestyle = 'iso, mdy'
            lc_messages = 'C'
            default_text_search_config = 'pg_catalog.simple'
            """;

    /** Nobody but the one role, to the one database, from this machine unless told otherwise, with its password. */
    private static final String ACCESS = "host " + DATABASE + " " + USER + " %s scram-sha-256\n";

    private PostgresSettings() {}

    /** Writes the settings and answers the file for {@code -c config_file=}. */
    static Path write(Path home, Path data, int port, Listening listening) throws IOException {
        String from = listening.isOpen() ? "all" : "127.0.0.1/32";
        Path access = writeFile(home.resolve("pg_hba.conf"), ACCESS.formatted(from));
        String settings = SETTINGS + "listen_addresses = '" + listening.address() + "'\nport = " + port
                + "\nhba_file = " + quoted(access) + "\nident_file = " + quoted(data.resolve("pg_ident.conf")) + "\n";
        return writeFile(home.resolve("postgresql.conf"), settings);
    }

    private static Path writeFile(Path file, String content) throws IOException {
        Files.writeString(file, content, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
