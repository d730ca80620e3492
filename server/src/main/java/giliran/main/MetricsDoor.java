package giliran.main;

import giliran.ledger.Bookkeeper;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** The metrics, and the door on the loopback address at which Prometheus reads them. */
final class MetricsDoor {
    static final String LOOPBACK = "127.0.0.1";

    private static final HttpServerOptions OPTIONS =
            new HttpServerOptions().setIdleTimeout(60).setHttp2ClearTextEnabled(false);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    MetricsDoor(Bookkeeper ledger) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        Gauge.builder("giliran.ledger.waiting", ledger, Bookkeeper::waiting)
                .description("Commands that wait for the ledger")
                .register(registry);
        FunctionCounter.builder("giliran.ledger.batches", ledger, it -> it.effort().batches())
                .description("Transactions of the ledger")
                .register(registry);
        FunctionCounter.builder("giliran.ledger.commands", ledger, it -> it.effort().commands())
                .description("Commands in them, refused ones included")
                .register(registry);
        FunctionCounter.builder(
                        "giliran.ledger.commit", ledger, it -> it.effort().commitNanos() / 1e9)
                .baseUnit("seconds")
                .description("Time of their COMMITs, fsync included")
                .register(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    Future<HttpServer> open(Vertx vertx, int port) {
        return vertx.createHttpServer(OPTIONS)
                .requestHandler(
                        request -> {
                            if ("/metrics".equals(request.path())) {
                                request.response()
                                        .putHeader("Content-Type", "text/plain; version=0.0.4")
                                        .end(registry.scrape());
                            } else {
                                request.response().setStatusCode(404).end();
                            }
                        })
                .listen(port, LOOPBACK);
    }

    void close() {
        gc.close();
        registry.close();
    }
}
