package giliran.main;

import giliran.clients.AddClient;
import giliran.clients.Client;
import giliran.clients.ClientName;
import giliran.clients.ClientToken;
import giliran.clients.ListClients;
import giliran.clients.RevokeClient;
import giliran.store.Database;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets other software in and shuts it out, also beside a running server. */
@Command(
        name = "clients",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Lets other software in, such as a call centre's, and shuts it out, also beside a"
                    + " running server, which follows within a second.",
            "Its requests carry the token: Authorization: Bearer TOKEN"
        })
final class ClientsCommand {
    private final InstantSource clock = InstantSource.system();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "add",
            description = {
                "Adds a client and prints its token, once.",
                "The token alone goes to the standard output; Giliran keeps only a hash of it."
            })
    int add(@Mixin DatabaseOptions options, @Parameters(paramLabel = "NAME") String text)
            throws InterruptedException {
        ClientName name = name(text);
        return with(
                options,
                database -> {
                    switch (new AddClient(database, clock, new SecureRandom()).add(name)) {
                        case AddClient.Result.Added(ClientToken token) -> {
                            tell("The token of " + name + ", which is not shown again:");
                            print(token.reveal());
                        }
                        case AddClient.Result.NameTaken() ->
                                throw new CommandException(
                                        "There is or was a client "
                                                + name
                                                + "; a name is given once: choose another.");
                    }
                });
    }

    @Command(name = "list", description = "Lists all clients, those that were revoked too.")
    int list(@Mixin DatabaseOptions options) throws InterruptedException {
        return with(
                options,
                database -> {
                    for (Client client : new ListClients(database).list()) {
                        String revoked = client.revokedAt().map(at -> ", revoked " + at).orElse("");
                        print(client.name() + "  added " + client.createdAt() + revoked);
                    }
                });
    }

    @Command(name = "revoke", description = "Shuts a client out for good.")
    int revoke(@Mixin DatabaseOptions options, @Parameters(paramLabel = "NAME") String text)
            throws InterruptedException {
        ClientName name = name(text);
        return with(
                options,
                database -> {
                    if (!new RevokeClient(database, clock).revoke(name)) {
                        throw new CommandException(
                                "There is no client "
                                        + name
                                        + " whose token is good; nothing was changed.");
                    }
                    tell("The client " + name + " is revoked.");
                });
    }

    private static ClientName name(String text) {
        return ClientName.parse(text)
                .orElseThrow(
                        () ->
                                new CommandException(
                                        "A client's name is 1 to 64 letters, digits, dots, hyphens"
                                                + " or underscores."));
    }

    private int with(DatabaseOptions options, Consumer<Database> work) throws InterruptedException {
        return Opened.during(
                opened -> {
                    work.accept(Truth.joinOrStart(options, clock, opened, this::tell));
                    return 0;
                },
                told -> {});
    }

    private void tell(String line) {
        write(spec.commandLine().getErr(), line);
    }

    private void print(String line) {
        write(spec.commandLine().getOut(), line);
    }

    private static void write(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }
}
