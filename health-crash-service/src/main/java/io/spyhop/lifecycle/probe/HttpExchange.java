package io.spyhop.lifecycle.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** One request over a socket that is connected already. It is not followed anywhere, and little of the answer is kept. */
final class HttpExchange {
    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxLineLength(ProbeLimits.HEADER_LINE_MAX)
            .setMaxHeaderCount(ProbeLimits.HEADERS_MAX)
            .build();

    private static final int OK = 200;
    private static final int BAD = 400;

    private HttpExchange() {}

    /** Why the answer counts as failed; null where it does not. */
    static @Nullable String reason(Socket socket, Question question) {
        try {
            int status = status(socket, question);
            return status >= OK && status < BAD ? null : "status " + status;
        } catch (NoHttpResponseException e) {
            return "closed without an answer";
        } catch (ConnectionClosedException e) {
            return "closed before the answer's end";
        } catch (MessageConstraintException e) {
            return "the answer's head is too large";
        } catch (HttpException e) {
            return "the answer is not HTTP";
        } catch (IOException e) {
            return "the connection broke";
        }
    }

    /** The socket is the caller's to close: closing the connection would wait for what nobody reads. */
    @SuppressWarnings("resource")
    private static int status(Socket socket, Question question) throws HttpException, IOException {
        DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(LIMITS);
        connection.bind(socket);
        BasicClassicHttpRequest request = new BasicClassicHttpRequest(Method.GET, question.path());
        request.setHeader(HttpHeaders.HOST, "127.0.0.1:" + question.port());
        request.setHeader(HttpHeaders.USER_AGENT, "Spyhop");
        request.setHeader(HttpHeaders.ACCEPT, "*/*");
        request.setHeader(HttpHeaders.CONNECTION, "close");
        connection.sendRequestHeader(request);
        connection.flush();
        ClassicHttpResponse response = connection.receiveResponseHeader();
        for (int interim = 0; response.getCode() < OK && interim < ProbeLimits.INTERIM_MAX; interim++) {
            response = connection.receiveResponseHeader();
        }
        if (response.getCode() >= OK) {
            connection.receiveResponseEntity(response);
            read(response.getEntity());
        }
        return response.getCode();
    }

    private static void read(@Nullable HttpEntity entity) throws IOException {
        InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
        byte[] buffer = new byte[8192];
        int left = ProbeLimits.ANSWER_BYTES_MAX;
        while (left > 0) {
            int count = body.read(buffer, 0, Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            left -= count;
        }
    }
}
