package giliran.main;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command told, and how it ended. */
record Told(int status, String out, String err) {
    static Told by(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int status = commandLine.execute(arguments);
        return new Told(status, out.toString(), err.toString());
    }
}
