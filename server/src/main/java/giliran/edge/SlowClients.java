package giliran.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts clients that send a request, or take an answer, a little at a time: each would keep a
 * connection for as long as it likes, without ever being idle. For one event loop.
 */
final class SlowClients {
    private final DoorLimits limits;
    private final LongSupplier nanoClock;
    private final Set<Watched> watched = new HashSet<>();

    SlowClients(DoorLimits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
    }

    /** Watches a connection from its beginning to its end. */
    void watch(Channel channel) {
        Watched client = new Watched(channel);
        watched.add(client);
        var _ = channel.closeFuture().addListener(closed -> watched.remove(client));
        String decoder = channel.pipeline().context(HttpRequestDecoder.class).name();
        channel.pipeline()
                .addBefore(decoder, null, client.new Begins())
                .addAfter(decoder, null, client.new Ends());
    }

    /** Cuts those whose time is over. */
    void sweep() {
        long now = nanoClock.getAsLong();
        for (Watched client : Set.copyOf(watched)) {
            if (client.isSending
                    && now - client.sendingSince > limits.limits().requestWithin().toNanos()) {
                limits.noteSlowRequest();
                client.cut();
            } else if (client.hasNotTakenFor(now) > limits.limits().answerWithin().toNanos()) {
                limits.noteSlowReader();
                client.cut();
            }
        }
    }

    private final class Watched {
        private final Channel channel;
        private boolean isSending = true;
        private long sendingSince = nanoClock.getAsLong();
        private @Nullable Object waiting;
        private long waitingProgress;
        private long waitingSince;

        Watched(Channel channel) {
            this.channel = channel;
        }

        /** Past Vert.x, which would wait until all that is to be written is taken. */
        void cut() {
            var _ = channel.pipeline().firstContext().close();
        }

        /**
         * How long the same part of an answer has been waiting to be taken. The next may lie in the
         * same buffer, and then begins anew.
         */
        @SuppressWarnings("ReferenceEquality") // Two answers of the same bytes are two.
        long hasNotTakenFor(long now) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            Object first = null;
            long progress = 0;
            if (buffer != null) {
                first = buffer.current();
                progress = buffer.currentProgress();
            }
            if (first == null || first != waiting || progress < waitingProgress) {
                waiting = first;
                waitingSince = now;
            }
            waitingProgress = progress;
            return now - waitingSince;
        }

        /** Sees a request's first byte. */
        private final class Begins extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                if (!isSending) {
                    isSending = true;
                    sendingSince = nanoClock.getAsLong();
                }
                context.fireChannelRead(bytes);
            }
        }

        /** Sees a request's end. */
        private final class Ends extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object part) {
                if (part instanceof LastHttpContent) {
                    isSending = false;
                }
                context.fireChannelRead(part);
            }
        }
    }
}
