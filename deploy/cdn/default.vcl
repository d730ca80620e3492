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
    # What is logged names nobody: no query, and no secret of a link.
    std.log("path:" + regsub(
        regsub(req.url, "\?.*$", ""),
        "^(/api/v1/appointments/(?!find$)|/(?:my/)?[a-z][a-z]/a/)[^/]+",
        "\1…"));

    # Nobody may say for whom he asks: ./giliran run --trust-proxy believes this alone.
    set req.http.X-Forwarded-For = client.ip;
    unset req.http.Forwarded;
    # Set it to "https" here if TLS ends in front of this.
    unset req.http.X-Forwarded-Proto;

    if (req.method != "GET" && req.method != "HEAD"
        || req.url !~ "^(/api/v1/campaigns(/[^/?]+(/availability)?)?|/assets/[^?]+|/([a-z][a-z]/(c/[^?]*)?)?)(\?|$)") {
        # Whole cities share an address: high, and Giliran's own limits are the finer ones.
        if (vsthrottle.is_denied("" + client.ip, 1000, 1s)) {
            return (synth(429, "Too Many Requests"));
        }
        return (pass);
    }

    # Published: the same for everyone. Only what makes another answer splits the cache.
    unset req.http.Cookie;
    if (req.url ~ "^[^?]*/availability\?(.*&)?region=") {
        set req.url = regsub(req.url, "^([^?]*)\?(?:.*?&)??region=([^&]*).*$", "\1?region=\2");
    } else {
        set req.url = regsub(req.url, "\?.*$", "");
    }
    if (req.http.Accept-Language ~ "(?i)^\s*(en|ms|zh|ta|fr)\b") {
        set req.http.Accept-Language = std.tolower(regsub(req.http.Accept-Language, "(?i)^\s*(en|ms|zh|ta|fr)\b.*$", "\1"));
    } else {
        set req.http.Accept-Language = "en";
    }
    # An old answer is for when there is no new one.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 5s;
    }
    return (hash);
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status >= 500) {
        # While there is an older answer, that is given; else this one, and it is not kept.
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    set beresp.grace = 600s;
}

sub vcl_synth {
    if (resp.status == 429) {
        set resp.http.Retry-After = "1";
        set resp.http.Cache-Control = "no-store";
    }
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
