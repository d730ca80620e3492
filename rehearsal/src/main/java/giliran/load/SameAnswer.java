package giliran.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A server that gives everyone the same answer, to find how many requests the clients themselves
 * can make. It takes whatever it reads at once for one request, which holds for clients of ours.
 */
final class SameAnswer implements AutoCloseable {
    private static final int WAITING_MAX = 4_096;

    private final ServerSocketChannel door;
    private final Selector selector;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(Traffic.REQUEST_BYTES_MAX);
    private final ByteBuffer answer;

    /**
     * A 201.
     *
     * @param headers each with its end of line
     */
    SameAnswer(String headers, String body) {
        byte[] bytes =
                "HTTP/1.1 201 Created\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(headers, body.length(), body)
                        .getBytes(StandardCharsets.US_ASCII);
        answer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        try {
            selector = Selector.open();
            door = ServerSocketChannel.open();
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), WAITING_MAX);
            door.configureBlocking(false);
            door.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().name("same-answer").daemon().start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), door.socket().getLocalPort());
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::attend);
            }
        } catch (ClosedSelectorException e) {
            // Closed between the question and the wait.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void attend(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel client = door.accept();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
                return;
            }
            SocketChannel client = (SocketChannel) key.channel();
            incoming.clear();
            if (client.read(incoming) < 0) {
                client.close();
                return;
            }
            client.write(answer.flip());
        } catch (IOException e) {
            key.cancel();
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
