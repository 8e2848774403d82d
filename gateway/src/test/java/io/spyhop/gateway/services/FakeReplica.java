package io.spyhop.gateway.services;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A process of a service on loopback that does as it is told: answers, hangs like one that is stopped, trickles, dies. */
final class FakeReplica implements AutoCloseable {
    static final String ROW = "{\"lineNo\":12}\n";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable CountDownLatch hanging;
    private volatile boolean trickling;
    private volatile int status = 200;
    private volatile String type = "application/vnd.spyhop.lines";
    private volatile byte[] answer = page();
    private volatile @Nullable HttpExchange last;
    private volatile String body = "";

    /** At a free port, with a page of one line. */
    FakeReplica() throws IOException {
        this(0);
    }

    FakeReplica(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    void answer(int newStatus, String newType, String newAnswer) {
        answer(newStatus, newType, newAnswer.getBytes(StandardCharsets.UTF_8));
    }

    void answer(int newStatus, String newType, byte[] newAnswer) {
        status = newStatus;
        type = newType;
        answer = newAnswer;
    }

    /** Accepts and says nothing, whatever is asked. */
    void hang() {
        hanging = new CountDownLatch(1);
    }

    void goOn() {
        CountDownLatch before = hanging;
        hanging = null;
        if (before != null) {
            before.countDown();
        }
    }

    /** Sends a byte now and then, and never the last. */
    void trickle() {
        trickling = true;
    }

    /** What was answered, without probes. */
    List<String> asked() {
        return asked;
    }

    /** Requests that came, probes and unanswered ones too. */
    int accepted() {
        return accepted.get();
    }

    @Nullable
    String header(String name) {
        HttpExchange exchange = last;
        return exchange == null ? null : exchange.getRequestHeaders().getFirst(name);
    }

    String body() {
        return body;
    }

    @Override
    public void close() {
        closing.countDown();
        goOn();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        accepted.incrementAndGet();
        try {
            CountDownLatch wait = hanging;
            if (wait != null) {
                wait.await();
            }
            if (exchange.getRequestURI().getPath().equals("/healthz")) {
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            last = exchange;
            asked.add(exchange.getRequestURI().toString());
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, trickling ? 0 : answer.length);
            send(exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private void send(OutputStream out) throws IOException, InterruptedException {
        while (trickling && !closing.await(50, TimeUnit.MILLISECONDS)) {
            out.write('x');
            out.flush();
        }
        out.write(answer);
    }

    private static byte[] page() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(page)) {
            data.writeLong(12);
            data.writeInt(1);
            data.writeBoolean(false);
            data.writeInt(0);
            data.write(ROW.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toByteArray();
    }
}
