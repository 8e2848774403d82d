package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.gateway.PortClient.Answer;
import io.spyhop.gateway.ports.PortsTable;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests at a port's host that no proper client sends, as bytes. Each has one answer, and the program sees what is meant. */
@QuarkusTest
@WithTestResource(Backends.class)
class PortAttacksIT {
    @Inject
    Vertx vertx;

    @Inject
    PortsTable table;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private Program program;

    @BeforeEach
    void start() {
        program = Program.start(vertx, table, "acme", "public", false);
    }

    @AfterEach
    void stop() {
        program.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /200 HTTP/1.1 | Host: HOST\\r\\nHost: HOST | 400",
                "GET /200 HTTP/1.1 | Host: HOST\\r\\nHost: localhost | 400",
                "GET http://HOST/200 HTTP/1.1 | Host: HOST | 400",
                "GET http://169.254.169.254/ HTTP/1.1 | Host: HOST | 400",
                "CONNECT 169.254.169.254:80 HTTP/1.1 | Host: HOST | 404",
                "GET 200 HTTP/1.1 | Host: HOST | 404",
                "GET /200 HTTP/1.1 | Host: HOST.evil.example.com | 421",
                "GET /200 HTTP/1.1 | Host: evil.HOST | 421",
                "GET /200 HTTP/1.1 | Host: HOST@evil.example.com | 400",
                "GET /200 HTTP/1.1 | Host: localhost@HOST | 400",
                "GET /200 HTTP/1.1 | Host: 169.254.169.254 | 421",
                "GET /200 HTTP/1.1 | Host: localhost\\r\\nX-Forwarded-Host: HOST | 404",
                "GET /200 HTTP/1.1 | X-No: host | 400",
                "GET /200 HTTP/1.1 | Host: HOST\\r\\nAuthorization: Basic eA==\\r\\nAuthorization: Bearer x | 400",
                "GET /200 HTTP/1.0 | Host: HOST | 505",
            })
    void shouldGoNowhereWhenTheHostIsNotPlain(String line, String headers, int status) {
        // When
        String answer = send(line, headers);

        // Then
        assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
        assertThat(program.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5, 6",
                "Content-Length: -1",
                "Content-Length: +5",
                "Content-Length: 0x5",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding : chunked",
                "Content-Length : 5",
                "X: y\r\n Content-Length: 5\r\nTransfer-Encoding: identity",
            })
    void shouldRefuseWhatCouldEndInTwoPlaces(String headers) {
        // When
        String answer = Http.exchange(
                port,
                "POST /count HTTP/1.1\r\nHost: " + program.host() + "\r\n" + headers
                        + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: " + program.host()
                        + "\r\nConnection: close\r\n\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(program.requests()).isZero();
    }

    /** RFC 9112 lets the chunks count then; what counts is that the program is told the same. */
    @Test
    void shouldGoByTheChunksWhenThereIsALengthToo() {
        // When
        String answer = Http.exchange(
                port,
                "POST /echo HTTP/1.1\r\nHost: " + program.host()
                        + "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + "5\r\nchunk\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: " + program.host() + "\r\n\r\n");

        // Then
        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .contains("\"body\":\"chunk\"", "\"transfer-encoding\":\"chunked\"")
                .doesNotContain("\"content-length\"");
        assertThat(program.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
    void shouldRefuseAWebSocketThatBringsABody(String header) {
        // When
        String answer = send(
                "GET /ws HTTP/1.1",
                "Host: HOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + header);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(program.requests()).isZero();
    }

    @Test
    void shouldRefuseHeadersThatNeverEnd() throws IOException {
        // Given
        String row = "X-Large: " + "x".repeat(8000) + "\r\n";

        // When: up to a hundred megabytes, if they are taken
        String answer;
        int rows = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(("GET /200 HTTP/1.1\r\nHost: " + program.host() + "\r\n").getBytes(StandardCharsets.US_ASCII));
            try {
                while (rows < 12_500 && socket.getInputStream().available() == 0) {
                    out.write(row.getBytes(StandardCharsets.US_ASCII));
                    rows++;
                }
            } catch (IOException e) {
                // Closed, after it was answered.
            }
            answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }

        // Then: long before
        assertThat(answer).isEqualTo("HTTP/1.1 431");
        assertThat(rows).isLessThan(12_500);
        assertThat(program.requests()).isZero();
    }

    @Test
    void shouldServeOthersAndEndThemWhenAThousandClientsNeverFinishTheirHeaders() throws IOException {
        // Given: at ports' hosts and at the dashboard's, and such that say nothing
        given().header("Host", program.host()).get("/200").then().statusCode(200);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                String host = i % 3 == 0 ? "localhost" : program.host();
                drip(socket, i % 3 == 1 ? "" : "GET /held HTTP/1.1\r\nHost: " + host + "\r\nX-Slow: ");
            }

            // When / Then: they hold a connection here, and nothing of the container
            given().header("Host", program.host()).get("/200").then().statusCode(200);
            given().header("Host", "localhost").get("/readyz").then().statusCode(anyOf(is(200), is(503)));
            // Then: not for long
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                slow.removeIf(PortAttacksIT::hasEnded);
                slow.forEach(socket -> drip(socket, "x"));
                return slow.isEmpty();
            });
            given().header("Host", program.host()).get("/200").then().statusCode(200);
            assertThat(program.requests()).isEqualTo(3);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void shouldStayWithHttp1WhenAClientOffersHttp2() {
        // Given
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2));

        // When
        AtomicReference<HttpVersion> version = new AtomicReference<>();
        Answer answer = PortClient.await(client.request(new RequestOptions()
                        .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                        .setHost(program.host())
                        .setPort(port)
                        .setURI("/echo"))
                .compose(HttpClientRequest::send)
                .onSuccess(response -> version.set(response.version()))
                .compose(response -> response.body()
                        .map(body ->
                                new Answer(response.statusCode(), response.headers(), response.trailers(), body))));

        // Then
        assertThat(version).hasValue(HttpVersion.HTTP_1_1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(new JsonObject(answer.text()).getJsonObject("headers").fieldNames())
                .doesNotContain("upgrade", "http2-settings");
        client.close();
    }

    @Test
    void shouldNotTakeTheDashboardsPathsForItsOwnWhenAPortIsAsked() {
        // When / Then: the program's, whatever they are called
        given().header("Host", program.host()).get("/404").then().statusCode(404);
        given().header("Host", program.host()).get("/500").then().statusCode(500);
        assertThat(program.requests()).isEqualTo(2);
        given().header("Host", "localhost").get("/200").then().statusCode(404);
        assertThat(program.requests()).isEqualTo(2);
    }

    private static void drip(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It was ended meanwhile.
        }
    }

    private static boolean hasEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private String send(String line, String headers) {
        String text = (line + "\r\n" + headers.replace("\\r\\n", "\r\n")).replace("HOST", program.host());
        return Http.exchange(port, text + "\r\nConnection: close\r\n\r\n");
    }
}
