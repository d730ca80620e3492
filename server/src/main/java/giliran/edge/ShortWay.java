package giliran.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Answers what everyone reads as soon as a request is understood, before Vert.x makes objects of
 * its own of it. Only what is asked for plainly, and while nothing else is under way on the
 * connection; all other requests go on to Vert.x, which answers them alike. For one connection.
 */
final class ShortWay extends ChannelDuplexHandler {
    private final PublishedAnswers published;

    /** Past the encoder, since what is written is encoded already. */
    private final ChannelHandlerContext out;

    /** Requests that went on and are not answered: answers must keep the order of requests. */
    private int underWay;

    private boolean isClosing;

    /** Whether what comes next belongs to a request that is answered. */
    private boolean isAnswered;

    private boolean isToBeFlushed;

    private ShortWay(PublishedAnswers published, ChannelHandlerContext out) {
        this.published = published;
        this.out = out;
    }

    /** Opens it on a connection that has just begun. */
    static void open(Channel channel, PublishedAnswers published) {
        ChannelHandlerContext last = channel.pipeline().lastContext();
        channel.pipeline()
                .addBefore(
                        last.name(),
                        null,
                        new ShortWay(
                                published, channel.pipeline().context(HttpRequestDecoder.class)));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        if (part instanceof HttpRequest request) {
            ByteBuf answer = answer(request);
            if (answer != null) {
                isAnswered = true;
                isToBeFlushed = true;
                var _ = out.write(answer, out.voidPromise());
                return;
            }
            underWay++;
            isClosing |= !HttpUtil.isKeepAlive(request);
        } else if (isAnswered) {
            isAnswered = !(part instanceof LastHttpContent);
            ReferenceCountUtil.release(part);
            return;
        }
        context.fireChannelRead(part);
    }

    private @Nullable ByteBuf answer(HttpRequest request) {
        return underWay == 0
                        && !isClosing
                        && isPlain(request)
                        && request.headers() instanceof MultiMap headers
                        && out.channel().isWritable()
                ? published.bytes(request, headers, out.alloc())
                : null;
    }

    /** A read without a body, with nothing else to be done. */
    private static boolean isPlain(HttpRequest request) {
        HttpMethod method = request.method();
        if ((!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD))
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !request.decoderResult().isSuccess()) {
            return false;
        }
        String connection = request.headers().get(HttpHeaders.CONNECTION);
        return (connection == null
                        || (connection.equalsIgnoreCase("keep-alive")
                                && HttpUtil.isKeepAlive(request)))
                && !request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                && !request.headers().contains(HttpHeaders.EXPECT);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (isToBeFlushed) {
            isToBeFlushed = false;
            out.flush();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object part, ChannelPromise promise) {
        boolean isProvisional =
                part instanceof HttpResponse response
                        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (part instanceof LastHttpContent && !isProvisional) {
            underWay--;
        }
        var _ = context.write(part, promise);
    }
}
