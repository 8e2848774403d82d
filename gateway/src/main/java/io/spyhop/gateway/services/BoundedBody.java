package io.spyhop.gateway.services;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body in memory that ends its request when it grows beyond a limit. Used by one response at a time, as it asks. */
final class BoundedBody implements BodySubscriber<byte[]> {
    /** A body is larger than it may be. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int bytesMax) {
            super("more than " + bytesMax + " bytes");
        }
    }

    private final int bytesMax;
    private final ByteArrayOutputStream body;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    private BoundedBody(int bytesMax, int expected) {
        this.bytesMax = bytesMax;
        this.body = new ByteArrayOutputStream(expected);
    }

    static BodyHandler<byte[]> of(int bytesMax) {
        return response -> {
            long told = response.headers().firstValueAsLong("Content-Length").orElse(0);
            return new BoundedBody(bytesMax, Math.clamp(told, 0, bytesMax));
        };
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
        granted.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            if (whole.isDone()) {
                return;
            }
            if (body.size() + part.remaining() > bytesMax) {
                whole.completeExceptionally(new TooLargeException(bytesMax));
                if (subscription != null) {
                    subscription.cancel();
                }
                return;
            }
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            body.writeBytes(bytes);
        }
    }

    @Override
    public void onError(Throwable broken) {
        whole.completeExceptionally(broken);
    }

    @Override
    public void onComplete() {
        whole.complete(body.toByteArray());
    }
}
