package giliran.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each request what a test says. */
final class ScriptedServer implements AutoCloseable {
    static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";

    /** What is done with a request, which ends with an empty line. */
    @FunctionalInterface
    interface Script {
        /**
         * Answers a request.
         *
         * @param number of the request, from 0
         * @return whether the connection stays open
         */
        boolean answer(int number, OutputStream out) throws IOException;
    }

    private final ServerSocket door;
    private final Script script;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    int connections() {
        return connections.get();
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = client.getInputStream();
            while (readRequest(in)) {
                if (!script.answer(requests.getAndIncrement(), client.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static boolean readRequest(InputStream in) throws IOException {
        int last = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            last = last << 8 | c;
            if (last == 0x0D0A0D0A) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
