package giliran.edge;

import giliran.edge.Answer.Moment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are the same for everyone, ready to be written. A publication swaps one
 * reference; a reader costs one look-up.
 */
public final class PublishedAnswers {
    private static final String REGION_SUFFIX = "/availability";
    private static final String ANY = "*";
    private static final Pattern ESCAPED_SLASH = Pattern.compile("%2[Ff]");

    /** IMF-fixdate of RFC 9110, 5.6.7. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /**
     * What may be asked for.
     *
     * @param answers by path, with {@code ?region=…} where an answer is for one region
     * @param missing given for every name that has no answer of its own, by the same with {@code *}
     *     in the name's place; each chooses by the request's {@code Accept-Language}
     */
    public record Offer(
            Map<String, Answer> answers, Map<String, Function<String, Answer>> missing) {
        public Offer {
            answers = Map.copyOf(answers);
            missing = Map.copyOf(missing);
        }
    }

    private record Publication(Offer offer, Instant asOf, Moment moment) {}

    private final InstantSource clock;

    /** One reference, so that nobody is told an answer with the time of another. */
    private volatile Publication current =
            new Publication(new Offer(Map.of(), Map.of()), Instant.EPOCH, new Moment("", ""));

    public PublishedAnswers(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Replaces all answers at once.
     *
     * @param asOf when the answers were last compared with the truth
     */
    public synchronized void publish(Offer offer, Instant asOf) {
        current = new Publication(offer, asOf, new Moment(asOf, DATE.format(clock.instant())));
    }

    /** Tells readers what time it is; as often as that, also while nothing can be published. */
    public synchronized void tellTime() {
        String date = DATE.format(clock.instant());
        if (!current.moment().date().toString().equals(date)) {
            publish(current.offer(), current.asOf());
        }
    }

    Instant asOf() {
        return current.asOf();
    }

    Optional<Answer> find(String key) {
        return Optional.ofNullable(current.offer().answers().get(key));
    }

    /** Now, to the second, as in the header {@code Date}. */
    CharSequence date() {
        return current.moment().date();
    }

    /** Answers a GET or a HEAD, or returns false and leaves the request alone. */
    boolean answer(HttpServerRequest request) {
        Publication publication = current;
        Answer answer = publication.offer().answers().get(request.uri());
        if (answer == null) {
            answer = findByMeaning(request, publication.offer());
        }
        if (answer == null) {
            return false;
        }
        answer.write(request, publication.moment());
        return true;
    }

    /**
     * The bytes that answer a GET or a HEAD in HTTP/1.1 whose connection is kept; null if what is
     * asked for is not published under exactly that address.
     */
    @Nullable ByteBuf bytes(HttpRequest request, MultiMap headers, ByteBufAllocator allocator) {
        Publication publication = current;
        Answer answer = publication.offer().answers().get(request.uri());
        return answer == null
                ? null
                : answer.bytes(
                        headers,
                        request.method().equals(HttpMethod.HEAD),
                        publication.moment(),
                        allocator);
    }

    /** The answer to what is asked for however it is written; null if it is not published. */
    private static @Nullable Answer findByMeaning(HttpServerRequest request, Offer offer) {
        try {
            String path = String.valueOf(request.path());
            if (path.indexOf('%') >= 0) {
                // An escaped slash is part of a name, and like NUL one that no name of ours has.
                path = new QueryStringDecoder(ESCAPED_SLASH.matcher(path).replaceAll("%00")).path();
            }
            if (path.endsWith(REGION_SUFFIX)) {
                return ofRegion(request, path, offer);
            }
            Answer answer = offer.answers().get(path);
            return answer == null ? missing(request, offer, withAnyName(path)) : answer;
        } catch (IllegalArgumentException e) {
            return null; // What cannot be decoded is no name of ours.
        }
    }

    /** Only an answer for one region depends on the query, and only by its first region. */
    private static @Nullable Answer ofRegion(HttpServerRequest request, String path, Offer offer) {
        String region = request.getParam("region");
        String ofAnyRegion = path + "?region=" + ANY;
        if (!offer.missing().containsKey(ofAnyRegion)) {
            String parent = path.substring(0, path.length() - REGION_SUFFIX.length());
            return missing(request, offer, withAnyName(parent) + REGION_SUFFIX);
        }
        if (region == null || region.isEmpty()) {
            return null;
        }
        Answer answer = offer.answers().get(path + "?region=" + region);
        return answer == null ? missing(request, offer, ofAnyRegion) : answer;
    }

    private static @Nullable Answer missing(HttpServerRequest request, Offer offer, String key) {
        Function<String, Answer> choice = offer.missing().get(key);
        return choice == null
                ? null
                : choice.apply(Answer.joined(request.headers(), HttpHeaders.ACCEPT_LANGUAGE));
    }

    /** The path with its last part, unless that is empty, open. */
    private static String withAnyName(String path) {
        int slash = path.lastIndexOf('/') + 1;
        return slash == path.length() ? path : path.substring(0, slash) + ANY;
    }
}
