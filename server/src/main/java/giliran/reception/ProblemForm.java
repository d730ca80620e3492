package giliran.reception;

import io.vertx.ext.web.RoutingContext;

/** How a "no" is written: as a document for software, or as a page for a person. */
@FunctionalInterface
public interface ProblemForm {
    /** Ends the response; its status and the headers that every form shares are set already. */
    void write(RoutingContext context, Problem problem);
}
