package giliran.report;

import giliran.outcome.Outcome;

/** The report of a rehearsal: one HTML page that loads nothing. */
public final class ReportPage {
    private ReportPage() {}

    /** The whole page. */
    public static String html(Outcome outcome) {
        return new Markup()
                .raw("<!doctype html><html lang=\"en\"><title>")
                .text(outcome.scene().title())
                .raw("</title><p>")
                .text(outcome.verdict().sentence())
                .raw("</p></html>\n")
                .toString();
    }
}
