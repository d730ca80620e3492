vcl 4.1;
# A cache in front of Giliran, for Debian's Varnish (varnish, varnish-modules): see README.md.

import std;
import vsthrottle;

backend giliran {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 2s;
    .first_byte_timeout = 30s;
    .max_connections = 1000;
    .probe = {
        .url = "/health/live";
        .interval = 1s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

sub vcl_recv {
    # What is logged names nobody: no query, and no secret of a link, also not of one written oddly.
    std.log("path:" + regsub(
        regsub(req.url, "(\?|%|//).*$", ""),
        "^(/api/v1/appointments/(?!find$)|/(?:my/)?[a-z][a-z]/a/)[^/]+",
        "\1*"));

    # Nobody may say for whom he asks: ./giliran run --trust-proxy believes this alone.
    set req.http.X-Forwarded-For = client.ip;
    unset req.http.Forwarded;
    # Set it to "https" here if TLS ends in front of this.
    unset req.http.X-Forwarded-Proto;

    unset req.http.Giliran-Published;
    if (req.method != "GET" && req.method != "HEAD"
        || req.url !~ "^(/api/v1/campaigns(/[^/?]+(/availability)?)?|/assets/[^?]+|/([a-z][a-z]/(c/[^?]*)?)?)(\?|$)") {
        call limit;
        return (pass);
    }

    # Published: the same for everyone. Only what makes another answer splits the cache.
    set req.http.Giliran-Published = "yes";
    unset req.http.Cookie;
    # It names the same site for all, and would split the cache.
    set req.http.Host = "giliran";
    if (req.url ~ "^[^?]*/availability\?(.*&)?region=") {
        set req.url = regsub(req.url, "^([^?]*)\?(?:.*?&)??region=([^&]*).*$", "\1?region=\2");
    } else {
        set req.url = regsub(req.url, "\?.*$", "");
    }
    if (req.http.Accept-Language ~ "(?i)(^|,)\s*(en|ms|zh|ta|fr)\b") {
        set req.http.Accept-Language = std.tolower(
            regsub(req.http.Accept-Language, "(?i)^(?:.*?,)??\s*(en|ms|zh|ta|fr)\b.*$", "\1"));
    } else {
        set req.http.Accept-Language = "en";
    }
    # An old answer is for when there is no new one: then vcl_synth begins again.
    set req.grace = 600s;
    if (std.healthy(req.backend_hint) && req.restarts == 0) {
        set req.grace = 5s;
    }
    return (hash);
}

# Whole cities share an address: high, and Giliran's own limits are the finer ones. This machine itself
# is not counted, and a whole IPv6 network of a household counts as one.
sub limit {
    if (client.ip != "127.0.0.1" && client.ip != "::1" && vsthrottle.is_denied(
        regsub("" + client.ip, "^((?:[0-9a-f]+:){4}|(?:[0-9a-f]+:){1,3}(?=:)).*$", "\1"), 1000, 1s)) {
        return (synth(429, "Too Many Requests"));
    }
}

sub vcl_miss {
    # Names that are not kept yet are asked of Giliran, whoever thinks them up.
    call limit;
}

sub vcl_backend_fetch {
    unset bereq.http.Giliran-Published;
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status >= 500) {
        return (abandon);
    }
    set beresp.grace = 600s;
}

sub vcl_backend_error {
    return (abandon);
}

sub vcl_synth {
    set resp.http.Cache-Control = "no-store";
    if (resp.status == 429) {
        set resp.http.Retry-After = "1";
        return (deliver);
    }
    # No answer came, so an older one will do, however old within its grace.
    if (req.http.Giliran-Published && req.restarts == 0) {
        return (restart);
    }
    set resp.http.Retry-After = "5";
    if (req.url ~ "^/api/") {
        set resp.http.Content-Type = "application/problem+json";
        synthetic(std.fileread("/etc/giliran/away.json"));
    } else {
        set resp.http.Content-Type = "text/html; charset=utf-8";
        synthetic(std.fileread("/etc/giliran/away.html"));
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
