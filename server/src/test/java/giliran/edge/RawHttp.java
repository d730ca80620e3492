package giliran.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sends bytes as they are, also such as no HTTP client would send, and reads what comes back. */
public final class RawHttp {
    /** After which silence the server is said to hang; an honest answer takes far less. */
    private static final int HANGS_AFTER_MILLIS = 20_000;

    private RawHttp() {}

    /**
     * An answer, its text with a character for each byte.
     *
     * @param headers by name in lower case; of several with one name the last
     */
    public record Answer(int status, String head, Map<String, String> headers, String body) {}

    /** Sends a request with no body that says who it is for; empty headers are left out. */
    public static Answer send(int port, String method, String target, String... headers)
            throws IOException {
        StringBuilder request = new StringBuilder();
        request.append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append(header.isEmpty() ? "" : "\r\n");
        }
        byte[] bytes = request.append("\r\n").toString().getBytes(ISO_8859_1);
        return send(port, bytes, method.equals("HEAD")).orElseThrow();
    }

    /** Sends requests together on one connection and reads their answers. */
    public static List<Answer> sendAll(int port, byte[] requests, int answers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(HANGS_AFTER_MILLIS);
            socket.getOutputStream().write(requests);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            List<Answer> read = new ArrayList<>();
            while (read.size() < answers) {
                read.add(read(in, false));
            }
            return read;
        }
    }

    /**
     * Sends bytes on a connection of their own.
     *
     * @param isHead whether the answer has no body whatever its headers say
     * @return the first final answer; empty if the server closed without one
     * @throws java.net.SocketTimeoutException if the server is silent and keeps the connection
     */
    public static Optional<Answer> send(int port, byte[] request, boolean isHead)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(HANGS_AFTER_MILLIS);
            socket.getOutputStream().write(request);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Answer answer = read(in, isHead);
            while (answer.status() / 100 == 1) {
                answer = read(in, isHead);
            }
            return Optional.of(answer);
        } catch (EOFException | SocketException closed) {
            return Optional.empty();
        }
    }

    private static Answer read(InputStream in, boolean isHead) throws IOException {
        StringBuilder head = new StringBuilder();
        Map<String, String> headers = new TreeMap<>();
        String statusLine = line(in);
        head.append(statusLine).append('\n');
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line).append('\n');
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        boolean isEmpty = isHead || statusLine.contains(" 304 ");
        int length = isEmpty ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), ISO_8859_1);
        return new Answer(
                Integer.parseInt(statusLine.split(" ", 3)[1]), head.toString(), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
