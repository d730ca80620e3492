package giliran.main;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes up requests as no honest client would send: paths, queries, headers, bodies, codings. */
final class HostileRequests {
    /** Stands in whatever the client makes up, and must never come back. */
    static final String MARK = "zQvMarkvQz";

    /**
     * A request as bytes.
     *
     * @param isHttp whether it is whole HTTP/1.1, so that it must be answered; else the server may
     *     as well close the connection, or answer that it does not speak that version
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and copied by nobody.
    record Hostile(byte[] bytes, boolean isHead, boolean isHttp) {}

    private final SplittableRandom random;
    private final Slot slot;
    private final String token;

    /**
     * Makes them about a place and an appointment that there are.
     *
     * @param token the appointment's
     */
    HostileRequests(SplittableRandom random, Slot slot, String token) {
        this.random = random;
        this.slot = slot;
        this.token = token;
    }

    Hostile next() throws IOException {
        String method =
                oneOf(
                        "GET", "GET", "POST", "POST", "POST", "DELETE", "HEAD", "PUT", "OPTIONS",
                        "TRACE", "PATCH", MARK, "get", "PRI");
        String target = path() + query();
        boolean isHttp = true;
        String version = "HTTP/1.1";
        if (random.nextInt(20) == 0) {
            version = oneOf("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP/x" + MARK, "", MARK);
            isHttp = version.equals("HTTP/1.0");
        }
        if (random.nextInt(20) == 0) {
            target =
                    oneOf(
                            target + " " + MARK,
                            "",
                            MARK,
                            "*",
                            "http://" + MARK + target,
                            target + "\u0000",
                            target + "\u00ff" + MARK,
                            "?" + MARK,
                            "#" + MARK,
                            target + "/" + MARK.repeat(500));
            isHttp = false;
        }
        byte[] body = body();
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(target).append(' ').append(version).append("\r\n");
        head.append("Host: ").append(oneOf("localhost", MARK, "[::1]", "a b", "")).append("\r\n");
        head.append("Content-Type: ")
                .append(
                        oneOf(
                                "application/json",
                                "application/json",
                                "application/json; charset=" + MARK,
                                "multipart/form-data; boundary=" + MARK,
                                "application/x-www-form-urlencoded",
                                MARK + "/" + MARK,
                                ";;;",
                                ""))
                .append("\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append(header());
        }
        if (random.nextInt(20) == 0) {
            head.append(brokenHeader());
            isHttp = false;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (random.nextInt(5) == 0) {
            head.append("Transfer-Encoding: chunked\r\n\r\n");
            bytes.write(head.toString().getBytes(ISO_8859_1));
            boolean isBroken = random.nextInt(5) == 0;
            writeChunks(bytes, body, isBroken);
            isHttp &= !isBroken;
        } else {
            head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            bytes.write(head.toString().getBytes(ISO_8859_1));
            bytes.write(body);
        }
        return new Hostile(bytes.toByteArray(), method.equals("HEAD"), isHttp);
    }

    private String path() {
        String id =
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> "open";
                    case 4 -> "find";
                    case 5 -> token;
                    case 6 -> token.substring(random.nextInt(token.length())) + MARK;
                    case 7 -> MARK.repeat(random.nextInt(1, 200));
                    case 8 -> oneOf("%00", "%", "%zz", "%2e%2e", "%2F" + MARK, "%ED%A0%80", "%FF");
                    case 9 -> oneOf("..", ".", "", "/", ";" + MARK, "'", "\"", "<" + MARK + ">");
                    case 10 -> "${jndi:ldap://" + MARK + "}";
                    default -> noise(random.nextInt(1, 40));
                };
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> "/api/v1/campaigns/" + id + "/appointments";
            case 3, 4 -> "/api/v1/appointments/" + id;
            case 5 -> "/api/v1/appointments/find";
            case 6 -> "/api/v1/campaigns/" + id + "/availability";
            case 7 -> "/problems/" + id;
            case 8 -> "/docs/" + id;
            case 9 -> "/my/en/a/" + id;
            case 10 -> "/my/en/c/" + id + "/check";
            default -> "/" + id;
        };
    }

    private String query() {
        return switch (random.nextInt(6)) {
            case 0 -> "?region=" + oneOf(MARK, "kuala-lumpur", "*", "kuala-lumpur&region=" + MARK);
            case 1 -> "?" + oneOf("region=%zz", "%", "&&&", "=", MARK, "region=%00", "a=%u0041");
            case 2 -> "?" + (MARK + "=1&").repeat(random.nextInt(100));
            default -> "";
        };
    }

    private String header() {
        return switch (random.nextInt(12)) {
            case 8 -> "Accept-Encoding: " + list("gzip", "identity", "*", "br", MARK, "") + "\r\n";
            case 9 -> "If-None-Match: " + list("\"" + MARK + "\"", "W/\"\"", "*", "\"") + "\r\n";
            case 10 ->
                    "X-Forwarded-For: " + list(MARK, "10.0.0.1", "[::1]:1", "999.9.9.9") + "\r\n";
            case 11 -> "Forwarded: " + list("for=" + MARK, "for=\"[::1]\"", "for=", "by") + "\r\n";
            case 0, 1, 2 ->
                    "Idempotency-Key: "
                            + oneOf(MARK, "\"" + MARK, MARK + " " + MARK, MARK.repeat(50), "\u00ff")
                            + "\r\n";
            case 3 ->
                    "Accept-Language: "
                            + oneOf(MARK, "ms;q=" + MARK, "*", ",".repeat(3_000), "\u00e9\u00ff")
                            + "\r\n";
            case 4 -> "Accept: " + MARK + "\r\n";
            case 5 -> "X-Request-Id: " + MARK + "\r\n";
            case 6 -> "Cookie: " + MARK + "=" + noise(20).replace(' ', '_') + "\r\n";
            default ->
                    oneOf(
                            "Content-Encoding: gzip\r\n",
                            "Accept-Encoding: " + MARK + "\r\n",
                            "X-Forwarded-For: " + MARK + "\r\n",
                            "Origin: http://" + MARK + "\r\n",
                            "Range: bytes=0-1\r\n",
                            "If-None-Match: \"" + MARK + "\"\r\n",
                            "X-HTTP-Method-Override: DELETE\r\n",
                            "Expect: 100-continue\r\n",
                            "Expect: " + MARK + "\r\n",
                            "Upgrade: websocket\r\nConnection: Upgrade\r\n");
        };
    }

    private String brokenHeader() {
        return oneOf(
                MARK + "\r\n",
                ": " + MARK + "\r\n",
                "A B: " + MARK + "\r\n",
                "X-Nul: \u0000" + MARK + "\r\n",
                " folded " + MARK + "\r\n",
                "X-Long: " + MARK.repeat(1_000) + "\r\n",
                "Content-Length: 1\r\n",
                "Content-Length: -" + 1 + "\r\n",
                "Content-Length: " + MARK + "\r\n",
                "Transfer-Encoding: " + MARK + "\r\n",
                "\u00ff\u00fe: x\r\n");
    }

    private void writeChunks(ByteArrayOutputStream bytes, byte[] body, boolean isBroken)
            throws IOException {
        int at = 0;
        while (at < body.length) {
            int length = Math.min(random.nextInt(1, 5_000), body.length - at);
            bytes.write((Integer.toHexString(length) + ";" + MARK + "\r\n").getBytes(UTF_8));
            bytes.write(Arrays.copyOfRange(body, at, at + length));
            bytes.write("\r\n".getBytes(UTF_8));
            at += length;
        }
        bytes.write((isBroken ? MARK + "\r\n\r\n" : "0\r\n\r\n").getBytes(UTF_8));
    }

    private byte[] body() {
        ObjectNode booking = TestBooking.of(slot);
        ObjectNode person = TestBooking.personOf(booking);
        List<String> members = List.copyOf(booking.propertyStream().map(e -> e.getKey()).toList());
        List<String> fields = List.copyOf(person.propertyStream().map(e -> e.getKey()).toList());
        String field = fields.get(random.nextInt(fields.size()));
        switch (random.nextInt(12)) {
            case 0 -> person.put(field, MARK);
            case 1 -> person.put(field, MARK.repeat(random.nextInt(2_000)));
            case 2 -> person.put(field, noise(random.nextInt(300)));
            case 3 -> person.put(field, random.nextLong());
            case 4 -> person.putArray(field).add(MARK);
            case 5 -> person.putObject(field).put(MARK, MARK);
            case 6 -> booking.put(members.get(random.nextInt(members.size())), MARK);
            case 7 -> booking.put(MARK, MARK);
            case 8 -> person.put(field + MARK, MARK);
            case 9 -> person.remove(field);
            default -> {}
        }
        byte[] bytes = booking.toString().getBytes(UTF_8);
        switch (random.nextInt(10)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 2 -> bytes = noise(random.nextInt(2_000)).getBytes(ISO_8859_1);
            case 3 -> bytes = ("{\"" + MARK + "\":" + "[".repeat(6_000)).getBytes(UTF_8);
            case 4 -> bytes = ("{\"dose\":" + "9".repeat(5_000) + "}").getBytes(UTF_8);
            case 5 -> bytes = Arrays.copyOf(bytes, random.nextInt(16_000, 70_000));
            case 6 ->
                    bytes =
                            ("{\"reference\":\"" + MARK + "\",\"dateOfBirth\":\"" + MARK + "\"}")
                                    .getBytes(UTF_8);
            default -> {}
        }
        return bytes;
    }

    /** Any characters of Latin-1 that do not end a line. */
    private String noise(int length) {
        StringBuilder noise = new StringBuilder(MARK);
        for (int i = 0; i < length; i++) {
            char c = (char) random.nextInt(33, 256);
            noise.append(c == 127 ? 'x' : c);
        }
        return noise.toString();
    }

    /** Of some elements, with weights that may be none. */
    private String list(String... elements) {
        StringBuilder list = new StringBuilder();
        for (int i = random.nextInt(10); i >= 0; i--) {
            list.append(oneOf(elements))
                    .append(oneOf("", ";q=0", ";q=0.5", ";q=" + MARK, ";", ";q=2"))
                    .append(oneOf(",", ", ", ",,"));
        }
        return list.toString();
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
