package giliran.main;

import giliran.channels.ReadSmartLinks;
import giliran.channels.SmartPublication;
import giliran.imports.CampaignSource;
import giliran.imports.ImportCampaign;
import giliran.imports.ImportCampaign.Result;
import giliran.imports.ReadCampaignFiles;
import giliran.store.CommitInDoubtException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports a campaign with its centres and slots, also beside a running server. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Imports a campaign with its centres and slots, whole or not at all, also beside a"
                    + " running server.",
            "Importing again updates; what is there and not in the source stays.",
            "Exits with 0 if it is in (with --dry-run: if it would be), with 1 if not."
        })
final class ImportCommand implements Callable<Integer> {
    private static final int NOT_IN = 1;
    private static final String CAMPAIGN_FILE = "campaign.yaml";

    @Mixin private DatabaseOptions database = new DatabaseOptions();

    @Parameters(
            paramLabel = "SOURCE",
            description = {
                "A folder with centres.csv and slots.csv, and campaign.yaml unless options say it"
                        + " all; or a SMART Scheduling Links publication: a folder with its"
                        + " manifest, the manifest itself, or the manifest's address on this"
                        + " machine (http://localhost…; no other host is fetched from)."
            })
    private String source = "";

    @Option(
            names = "--campaign-file",
            paramLabel = "FILE",
            description = "The campaign's settings (default: campaign.yaml in the folder).")
    private @Nullable Path campaignFile;

    @Option(names = "--campaign", paramLabel = "ID", description = "The campaign's id.")
    private @Nullable String campaign;

    @Option(names = "--name", description = "What people read as the campaign's name.")
    private @Nullable String name;

    @Option(
            names = "--programme",
            paramLabel = "ID",
            description = "One person has one appointment a dose in a programme.")
    private @Nullable String programme;

    @Option(names = "--product", description = "The vaccine of slots that name none.")
    private @Nullable String product;

    @Option(
            names = "--opens",
            paramLabel = "TIME",
            description = "When it opens (default: as it was; a new one at once).")
    private @Nullable String opens;

    @Option(
            names = "--closes",
            paramLabel = "TIME",
            description = "When it closes (default: when the last slot has ended).")
    private @Nullable String closes;

    @Option(names = "--minimum-age", paramLabel = "YEARS", description = "Default: 0.")
    private @Nullable String minimumAge;

    @Option(
            names = "--regions",
            paramLabel = "IDS",
            description = "Where a person may live, with commas (default: all).")
    private @Nullable String regions;

    @Option(
            names = "--allowance",
            paramLabel = "PLACES",
            description = "Places a slot that may be booked above its capacity (default: 0).")
    private @Nullable String allowance;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "Whose clocks show it, such as Asia/Kuala_Lumpur.")
    private @Nullable String timeZone;

    @Option(
            names = "--proof-of-work",
            paramLabel = "WHERE",
            description = "passes: ask for a proof of work; none (default).")
    private @Nullable String proofOfWork;

    @Option(
            names = "--shift",
            paramLabel = "HOW",
            description = "whole-weeks-ahead: moves all times until the first slot is ahead.")
    private @Nullable String shift;

    @Option(
            names = "--dry-run",
            description = "Say what would change and whom it touches, and change nothing.")
    private boolean isDryRun;

    @Override
    public Integer call() throws InterruptedException {
        return Opened.during(this::importInto, told -> {});
    }

    private int importInto(Opened opened) {
        InstantSource clock = InstantSource.system();
        try {
            return tell(
                    read(
                            new ImportCampaign(
                                    Truth.joinOrStart(database, clock, opened, Progress::tell),
                                    clock)));
        } catch (CommitInDoubtException e) {
            throw new CommandException(
                    "The database broke off at the last moment, so it is not known whether the"
                            + " import is in. Import the same again: it changes only what is not.");
        }
    }

    private Result read(ImportCampaign importCampaign) {
        if (source.startsWith("http:") || source.startsWith("https:")) {
            return publication(
                    importCampaign,
                    SmartPublication.fetch(address(source), Progress::tell),
                    Optional.ofNullable(campaignFile));
        }
        Path path = Path.of(source);
        if (!Files.exists(path)) {
            throw new CommandException("There is no folder or file " + source + ".");
        }
        boolean isFolder = Files.isDirectory(path);
        Path folder = isFolder ? path : path.resolveSibling("");
        Optional<Path> settings = settings(folder);
        Optional<Path> manifest =
                isFolder ? SmartPublication.findManifest(path) : Optional.of(path);
        if (manifest.isPresent() && !Files.exists(folder.resolve("slots.csv"))) {
            return publication(importCampaign, SmartPublication.inFolder(manifest.get()), settings);
        }
        return run(importCampaign, new ReadCampaignFiles(folder, settings, options()));
    }

    /** The file of the settings, unless the options are meant to say it all. */
    private Optional<Path> settings(Path folder) {
        if (campaignFile != null) {
            return Optional.of(campaignFile);
        }
        Path usual = folder.resolve(CAMPAIGN_FILE);
        return Files.exists(usual) || options().isEmpty() ? Optional.of(usual) : Optional.empty();
    }

    private static URI address(String source) {
        try {
            return URI.create(source);
        } catch (IllegalArgumentException e) {
            throw new CommandException("The address " + source + " is not understood.");
        }
    }

    private Result publication(
            ImportCampaign importCampaign, SmartPublication publication, Optional<Path> settings) {
        try (publication) {
            return run(importCampaign, new ReadSmartLinks(publication, settings, options()));
        }
    }

    private Result run(ImportCampaign importCampaign, CampaignSource campaignSource) {
        Progress.tell("Reading " + source + " …");
        return isDryRun
                ? importCampaign.preview(campaignSource, Progress::tell)
                : importCampaign.run(campaignSource, Progress::tell);
    }

    private Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        put(options, "id", campaign);
        put(options, "name", name);
        put(options, "programme", programme);
        put(options, "product", product);
        put(options, "opens", opens);
        put(options, "closes", closes);
        put(options, "minimumAge", minimumAge);
        put(options, "regions", regions);
        put(options, "allowance", allowance);
        put(options, "timeZone", timeZone);
        put(options, "proofOfWork", proofOfWork);
        put(options, "shift", shift);
        return options;
    }

    private static void put(Map<String, String> options, String key, @Nullable String text) {
        if (text != null) {
            options.put(key, text);
        }
    }

    private int tell(Result result) {
        return switch (result) {
            case Result.Imported imported -> {
                imported.report().notices().forEach(notice -> Progress.tell("note: " + notice));
                Progress.tell(ImportTable.summary(imported.report()));
                yield CommandLine.ExitCode.OK;
            }
            case Result.Previewed previewed -> {
                ImportTable.lines(previewed.report()).forEach(Progress::tell);
                if (previewed.obstacles().isEmpty()) {
                    Progress.tell("Nothing was changed: this was a dry run.");
                    yield CommandLine.ExitCode.OK;
                }
                yield refused("It would be refused:", previewed.obstacles());
            }
            case Result.Refused refused -> refused("Nothing was imported:", refused.obstacles());
            case Result.Faulty faulty ->
                    refused(
                            "Nothing was imported:",
                            faulty.problems().stream().map(Object::toString).toList());
            case Result.Busy _ ->
                    throw new CommandException(
                            "Another import is being written; try again when it has ended.");
        };
    }

    private static int refused(String headline, List<String> reasons) {
        Progress.tell(headline);
        reasons.forEach(reason -> Progress.tell("  " + reason));
        return NOT_IN;
    }
}
