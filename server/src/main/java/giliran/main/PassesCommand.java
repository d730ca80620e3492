package giliran.main;

import giliran.booking.EndPasses;
import giliran.campaigns.CampaignId;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends passes before their time, also beside a running server. */
@Command(
        name = "passes",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Ends passes before their time, also beside a running server, which follows within"
                        + " a second. What was booked with them stays.")
final class PassesCommand {
    @Command(name = "end-all", description = "Ends all passes of a campaign made so far.")
    int endAll(@Mixin DatabaseOptions options, @Parameters(paramLabel = "CAMPAIGN") String campaign)
            throws InterruptedException {
        return with(
                options,
                endPasses -> {
                    if (!endPasses.endAll(campaign(campaign))) {
                        throw unknown(campaign);
                    }
                    Progress.tell("All passes of " + campaign + " made so far are ended.");
                });
    }

    @Command(name = "end", description = "Ends one pass, by the id that was given with it.")
    int end(@Mixin DatabaseOptions options, @Parameters(paramLabel = "PASS-ID") UUID pass)
            throws InterruptedException {
        return with(
                options,
                endPasses -> {
                    endPasses.end(pass);
                    Progress.tell("The pass " + pass + " is ended.");
                });
    }

    private static CampaignId campaign(String text) {
        try {
            return new CampaignId(text);
        } catch (IllegalArgumentException noCampaignHasSuchAnId) {
            throw unknown(text);
        }
    }

    private static CommandException unknown(String campaign) {
        return new CommandException("There is no campaign " + campaign + "; nothing was changed.");
    }

    private static int with(DatabaseOptions options, Consumer<EndPasses> work)
            throws InterruptedException {
        InstantSource clock = InstantSource.system();
        return Opened.during(
                opened -> {
                    work.accept(
                            new EndPasses(
                                    Truth.joinOrStart(options, clock, opened, Progress::tell),
                                    clock));
                    return 0;
                },
                told -> {});
    }
}
