package giliran.population;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stands before a server, passes everything on, and lies once in each way that it is told to. */
final class LyingProxy implements AutoCloseable {
    enum Lie {
        /** A booking that was told with 201 is dropped. */
        DROPS_A_BOOKING,

        /** A place that one person was told to have is told to another, too. */
        SELLS_A_PLACE_TWICE,

        /** A place that is free is said to be gone. */
        SAYS_GONE
    }

    private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\ncontent-length: *(\\d+)");
    private static final Pattern SLOT = Pattern.compile("\"slot\":\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final int BOOKINGS_BEFORE = 5;

    private final ServerSocket door;
    private final InetSocketAddress server;
    private final Set<Lie> lies;
    private final Set<Lie> told = EnumSet.noneOf(Lie.class);
    private final AtomicInteger bookings = new AtomicInteger();
    private final AtomicReference<@Nullable String> remembered = new AtomicReference<>();

    LyingProxy(InetSocketAddress server, Set<Lie> lies) throws IOException {
        this.server = server;
        this.lies = lies;
        door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    /** The lies that were told. */
    Set<Lie> told() {
        synchronized (told) {
            return Set.copyOf(told);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket behind = new Socket(server.getAddress(), server.getPort())) {
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            InputStream fromClient = new BufferedInputStream(client.getInputStream());
            InputStream fromServer = new BufferedInputStream(behind.getInputStream());
            for (String request = read(fromClient); request != null; request = read(fromClient)) {
                String answer = instead(request);
                if (answer == null) {
                    write(behind.getOutputStream(), request);
                    answer = read(fromServer);
                }
                if (answer == null) {
                    return;
                }
                beforeTelling(request, answer);
                write(client.getOutputStream(), answer);
            }
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    private static boolean isBooking(String request) {
        return request.startsWith("POST ") && request.contains("/appointments HTTP");
    }

    /** An answer of our own, for which the server is not asked. */
    private @Nullable String instead(String request) {
        if (!isBooking(request) || bookings.incrementAndGet() < BOOKINGS_BEFORE) {
            return null;
        }
        if (isTurnOf(Lie.SAYS_GONE)) {
            String body = "{\"type\":\"/problems/place-gone\",\"status\":409,\"booked\":\"no\"}";
            return "HTTP/1.1 409 Conflict\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        }
        String first = remembered.get();
        return first != null
                        && slot(first).equals(slot(request))
                        && isTurnOf(Lie.SELLS_A_PLACE_TWICE)
                ? first
                : null;
    }

    private void beforeTelling(String request, String answer) throws IOException {
        if (!isBooking(request) || !answer.startsWith("HTTP/1.1 201")) {
            return;
        }
        if (isTurnOf(Lie.DROPS_A_BOOKING)) {
            Matcher token = TOKEN.matcher(answer);
            if (!token.find()) {
                throw new IllegalStateException("a booking without a token");
            }
            try (Socket behind = new Socket(server.getAddress(), server.getPort())) {
                write(
                        behind.getOutputStream(),
                        "DELETE /api/v1/appointments/"
                                + token.group(1)
                                + " HTTP/1.1\r\nHost: x\r\n\r\n");
                read(new BufferedInputStream(behind.getInputStream()));
            }
        } else {
            remembered.compareAndSet(null, answer);
        }
    }

    private boolean isTurnOf(Lie lie) {
        synchronized (told) {
            return lies.contains(lie) && told.add(lie);
        }
    }

    private static String slot(String message) {
        Matcher slot = SLOT.matcher(message);
        return slot.find() ? slot.group(1) : "";
    }

    /** A whole message with a Content-Length or none; null at the end. */
    private static @Nullable String read(InputStream in) throws IOException {
        StringBuilder message = new StringBuilder();
        int body = -1;
        while (body != 0) {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            message.append((char) c);
            if (body > 0) {
                body--;
            } else if (c == '\n' && message.lastIndexOf("\r\n\r\n") == message.length() - 4) {
                Matcher length = LENGTH.matcher(message);
                body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            }
        }
        return message.toString();
    }

    private static void write(OutputStream out, String message) throws IOException {
        out.write(message.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
