package io.spyhop.gateway.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose client does not finish the head of a request in time, for a head in pieces would hold a connection for
 * as long as somebody likes. The HTTP server knows no such limit: what it offers ends connections that are quiet, which streams
 * may be and such clients are not. So connections that have not asked anything yet are looked for now and then on each event
 * loop, from the first request to the server on, and later heads are timed from their first byte. Each connection's part runs on
 * its event loop.
 */
@ApplicationScoped
class HeadDeadline {
    /** In one time limit so many looks: a connection lives at most so much longer. */
    private static final int LOOKS = 4;

    /** Of a listening channel: requests come to the door through it, so what it accepts is looked at. */
    private static final AttributeKey<Boolean> OURS = AttributeKey.valueOf(HeadDeadline.class, "ours");

    /** Of a connection that has asked something. */
    private static final AttributeKey<Boolean> ASKED = AttributeKey.valueOf(HeadDeadline.class, "asked");

    /** Of a connection that has not, when it was seen first. */
    private static final AttributeKey<Long> SEEN = AttributeKey.valueOf(HeadDeadline.class, "seen");

    private final long nanos;
    private final Counter ended;
    private final AtomicBoolean looking = new AtomicBoolean();

    @Inject
    HeadDeadline(HttpConfig config, MeterRegistry registry) {
        this(config.headTimeout(), registry);
    }

    HeadDeadline(Duration limit, MeterRegistry registry) {
        this.nanos = limit.toNanos();
        this.ended = Counter.builder("spyhop.http.connections.ended")
                .description("Connections that were closed since the head of a request did not come in time")
                .register(registry);
    }

    /** A request's head is there. Called for each on its event loop, before anything else. */
    void passed(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection
                && !connection.channel().hasAttr(ASKED)) {
            Channel channel = connection.channel();
            channel.attr(ASKED).set(true);
            channel.parent().attr(OURS).set(true);
            if (looking.compareAndSet(false, true)) {
                channel.eventLoop().parent().forEach(this::begin);
            }
            Later.watch(channel, this);
        }
    }

    private void begin(EventExecutor executor) {
        if (executor instanceof SingleThreadEventLoop loop) {
            var _ = loop.scheduleWithFixedDelay(() -> look(loop), nanos / LOOKS, nanos / LOOKS, TimeUnit.NANOSECONDS);
        }
    }

    private void look(SingleThreadEventLoop loop) {
        long now = System.nanoTime();
        List<Channel> late = new ArrayList<>();
        for (Iterator<Channel> channels = loop.registeredChannelsIterator(); channels.hasNext(); ) {
            Channel channel = channels.next();
            if (channel.parent() != null && channel.parent().hasAttr(OURS) && !channel.hasAttr(ASKED)) {
                Long seen = channel.attr(SEEN).setIfAbsent(now);
                if (seen != null && now - seen >= nanos) {
                    late.add(channel);
                }
            }
        }
        late.forEach(this::end);
    }

    private void end(Channel channel) {
        ended.increment();
        var _ = channel.close();
    }

    /** Times the heads after the first: from the first byte that comes after a whole request. Before the decoder it sees bytes. */
    private static final class Later extends ChannelInboundHandlerAdapter {
        private final HeadDeadline deadline;
        private boolean inRequest = true;
        private @Nullable Future<?> timer;

        private Later(HeadDeadline deadline) {
            this.deadline = deadline;
        }

        static void watch(Channel channel, HeadDeadline deadline) {
            ChannelPipeline pipeline = channel.pipeline();
            ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
            // Of HTTP/2 many requests share a connection, and what is not theirs is little.
            if (decoder != null) {
                Later later = new Later(deadline);
                pipeline.addBefore(decoder.name(), null, later).addAfter(decoder.name(), null, later.new Messages());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (!inRequest && timer == null) {
                begin(context);
            }
            context.fireChannelRead(bytes);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            stop();
            context.fireChannelInactive();
        }

        private void begin(ChannelHandlerContext context) {
            timer = context.executor().schedule(() -> late(context), deadline.nanos, TimeUnit.NANOSECONDS);
        }

        private void late(ChannelHandlerContext context) {
            timer = null;
            Channel channel = context.channel();
            if (channel.pipeline().get(HttpRequestDecoder.class) == null) {
                // It speaks something else by now.
                channel.pipeline().remove(this);
            } else if (!channel.config().isAutoRead()) {
                // The server takes nothing from it at present: an answer before is still under way.
                begin(context);
            } else {
                deadline.end(channel);
            }
        }

        private void stop() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }

        /** Behind the decoder it sees where requests begin and end. */
        private final class Messages extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest) {
                    inRequest = true;
                    stop();
                }
                if (message instanceof LastHttpContent) {
                    inRequest = false;
                }
                context.fireChannelRead(message);
            }
        }
    }
}
