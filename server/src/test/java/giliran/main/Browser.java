package giliran.main;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser without scripts, as far as tests need one: it keeps cookies and sends forms. */
final class Browser {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern FORM =
            Pattern.compile(
                    "<form\\b([^>]*\\baction=\"([^\"]*)\"[^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    private final URI address;
    private final Map<String, String> cookies = new TreeMap<>();
    private final Map<String, String> headers = new HashMap<>();

    Browser(URI address) {
        this.address = address;
    }

    /** A form of a page, with what is hidden in it. */
    record Form(String action, String attributes, Map<String, String> fields) {
        /** The form with a field filled in. */
        Form with(String field, String value) {
            Map<String, String> filled = new LinkedHashMap<>(fields);
            filled.put(field, value);
            return new Form(action, attributes, filled);
        }
    }

    /** What the server answered. */
    record Page(String path, int status, HttpHeaders headers, String body) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** The forms of the page whose action holds a text. */
        List<Form> forms(String action) {
            List<Form> forms = new ArrayList<>();
            Matcher form = FORM.matcher(body);
            while (form.find()) {
                if (form.group(2).contains(action)) {
                    Map<String, String> fields = new LinkedHashMap<>();
                    Matcher hidden = HIDDEN.matcher(form.group(3));
                    while (hidden.find()) {
                        fields.put(hidden.group(1), hidden.group(2));
                    }
                    forms.add(new Form(form.group(2), form.group(1), fields));
                }
            }
            return forms;
        }

        Form form(String action) {
            List<Form> forms = forms(action);
            if (forms.isEmpty()) {
                throw new AssertionError("no form " + action + " in " + status + " " + body);
            }
            return forms.getFirst();
        }

        /** What a person reads in the page's main part. */
        String text() {
            return body.replaceAll("(?s)^.*<main[^>]*>|</main>.*$", "")
                    .replaceAll("(?s)<svg.*?</svg>", "")
                    .replaceAll("<[^>]*>", " ")
                    .replaceAll("\\s+", " ")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&")
                    .strip();
        }
    }

    /** Sends a header with each request from here on. */
    Browser always(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** What it keeps under a name; empty text if nothing. */
    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    void keep(String name, String value) {
        cookies.put(name, value);
    }

    Page get(String path) {
        return send(path, request(path).GET());
    }

    /** Sends a form and stays with the answer, also if that leads on. */
    Page post(Form form) {
        return send(form.action(), requestOf(form));
    }

    HttpRequest.Builder requestOf(Form form) {
        String body =
                form.fields().entrySet().stream()
                        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                        .collect(Collectors.joining("&"));
        return request(form.action())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Sends a form and goes where the answer leads. */
    Page submit(Form form) {
        return follow(post(form));
    }

    Page follow(Page page) {
        return page.status() == 303 ? follow(get(page.header("Location"))) : page;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    Page send(String path, HttpRequest.Builder request) {
        HttpResponse<String> response =
                HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            String[] pair = cookie.split(";", 2)[0].split("=", 2);
            if (pair[1].isEmpty()) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
        return new Page(path, response.statusCode(), response.headers(), response.body());
    }
}
