package io.github.semblance.cli;

import io.github.semblance.bert.checkpoint.CatalogueEntry;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelDescription;
import io.github.semblance.bert.checkpoint.ModelEnvironment;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.PullProgress;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code models}: what is known and what is here; {@code models pull} fetches. */
@Command(
    name = "models",
    description = {
      "Lists the models that are known by name.",
      "Folders, hf:ORG/NAME and mvn:GROUP:ARTIFACT:VERSION can be used without being listed."
    },
    subcommands = Models.Pull.class)
final class Models implements Callable<Integer> {
  @ParentCommand private Semblance semblance;

  @Option(names = "--json", description = "Print the list as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Models() {}

  @Override
  public Integer call() throws CheckpointException {
    ModelStore store = ModelStore.system();
    ArrayNode list = JsonMapper.shared().createArrayNode();
    StringBuilder text =
        new StringBuilder(
            line(
                "MODEL",
                "DIM",
                "WINDOW",
                "POOLING",
                "SIZE",
                "LICENCE",
                "LANG",
                "HERE",
                "FINGERPRINT"));
    for (CatalogueEntry entry : ModelCatalogue.entries()) {
      ModelDescription here = store.describe(entry.name());
      String fingerprint = here.fingerprint().orElse("");
      String pooling = entry.facts().pooling().name().toLowerCase(Locale.ROOT);
      text.append(
          line(
              entry.name(),
              entry.dimension(),
              entry.facts().maxTokens(),
              pooling,
              megabytes(entry.downloadBytes()),
              entry.licence(),
              entry.languages().size() == 1
                  ? entry.languages().getFirst()
                  : entry.languages().size(),
              here.isHere() ? "yes" : "no",
              fingerprint.isEmpty() ? "-" : fingerprint.substring(0, 12)));
      list.addObject()
          .put("name", entry.name())
          .put("dimension", entry.dimension())
          .put("window", entry.facts().maxTokens())
          .put("pooling", pooling)
          .put("download_bytes", entry.downloadBytes())
          .put("licence", entry.licence())
          .put("source", entry.maven().isEmpty() ? "hf:" + entry.hub() : "mvn:" + entry.maven())
          .put("here", here.isHere())
          .put("location", here.location().orElse(null))
          .put("fingerprint", here.fingerprint().orElse(null))
          .set("languages", JsonMapper.shared().valueToTree(entry.languages()));
    }
    if (json) {
      ObjectNode all = JsonMapper.shared().createObjectNode();
      all.set("models", list);
      semblance.streams().out().println(Printable.json(all));
    } else {
      semblance.streams().out().print(text);
    }
    return 0;
  }

  private static String line(Object... cells) {
    return String.format(Locale.ROOT, "%-37s %4s %6s %-7s %7s %-11s %4s %-4s %s%n", cells);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
  }

  /** {@code models pull}: the only command that reaches for the network. */
  @Command(name = "pull", description = "Fetches a model, so that other commands find it.")
  static final class Pull implements Callable<Integer> {
    @ParentCommand private Models models;

    @Parameters(
        paramLabel = "MODEL",
        description = "A listed name, hf:ORG/NAME[@REVISION] or mvn:GROUP:ARTIFACT:VERSION.")
    private String model;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    Pull() {}

    @Override
    public Integer call() throws CheckpointException {
      Streams streams = models.semblance.streams();
      ModelDescription pulled;
      try (Bars bars = new Bars(streams)) {
        pulled = new ModelStore(ModelEnvironment.system(), MavenFetcher.system()).pull(model, bars);
      }
      streams
          .out()
          .println(
              pulled.name()
                  + " is here: "
                  + pulled.location().orElse("?")
                  + " ("
                  + megabytes(pulled.bytes())
                  + ")");
      return 0;
    }
  }

  /** One progress display per file that is fetched. */
  private static final class Bars implements PullProgress, AutoCloseable {
    private final Streams streams;
    private String file = "";
    private volatile Progress.State state = new Progress.State(0, 0, "MB");
    private @Nullable Progress progress;

    private Bars(Streams streams) {
      this.streams = streams;
    }

    @Override
    public void transferred(String name, long done, long total) {
      state = new Progress.State(total <= 0 ? 0 : (double) done / total, done / 1e6, "MB");
      if (progress == null || !name.equals(file)) {
        close();
        file = name;
        progress = new Progress(streams, Printable.line(name), () -> state);
      }
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }
  }
}
