package giliran.main;

import giliran.clients.AddClient;
import giliran.clients.Client;
import giliran.clients.ClientName;
import giliran.clients.ClientToken;
import giliran.clients.ListClients;
import giliran.clients.RevokeClient;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets other software in and shuts it out, also beside a running server. */
@Command(
        name = "clients",
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
    int add(@Mixin DatabaseOptions options, @Parameters(paramLabel = "NAME") String text) {
        ClientName name = name(text);
        try (Truth truth = truth(options)) {
            AddClient addClient = new AddClient(truth.database(), clock, new SecureRandom());
            switch (addClient.add(name)) {
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
        }
        return 0;
    }

    @Command(name = "list", description = "Lists all clients, those that were revoked too.")
    int list(@Mixin DatabaseOptions options) {
        try (Truth truth = truth(options)) {
            for (Client client : new ListClients(truth.database()).list()) {
                String revoked = client.revokedAt().map(at -> ", revoked " + at).orElse("");
                print(client.name() + "  added " + client.createdAt() + revoked);
            }
        }
        return 0;
    }

    @Command(name = "revoke", description = "Shuts a client out for good.")
    int revoke(@Mixin DatabaseOptions options, @Parameters(paramLabel = "NAME") String text) {
        ClientName name = name(text);
        try (Truth truth = truth(options)) {
            if (!new RevokeClient(truth.database(), clock).revoke(name)) {
                throw new CommandException(
                        "There is no client "
                                + name
                                + " whose token is good; nothing was changed.");
            }
        }
        tell("The client " + name + " is revoked.");
        return 0;
    }

    private static ClientName name(String text) {
        return ClientName.parse(text)
                .orElseThrow(
                        () ->
                                new CommandException(
                                        "A client's name is 1 to 64 letters, digits, dots, hyphens"
                                                + " or underscores."));
    }

    private Truth truth(DatabaseOptions options) {
        return Truth.joinOrStart(options, clock, this::tell);
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
