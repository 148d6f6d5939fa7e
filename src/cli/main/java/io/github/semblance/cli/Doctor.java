package io.github.semblance.cli;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexIntegrity;
import io.github.semblance.index.IndexManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code doctor}: is everything here that a search needs, and does the model compute right? */
@Command(
    name = "doctor",
    description = {
      "Checks the JDK, SIMD, native libraries, threads, the model and its vectors, and an index.",
      "Each line is ok or says what to do; exits with 1 if something is wrong."
    })
final class Doctor implements Callable<Integer> {
  private static final String QUERIES = "queries";

  private static final double TOLERANCE = 1e-3;

  /** Published cosines of two sentences, by model. */
  private static final Map<String, Anchor> ANCHORS =
      Map.of(
          // The example of the model card.
          "all-MiniLM-L6-v2",
          new Anchor("That is a happy person", "That is a happy dog", 0.6946),
          // The two sentences of the course-FAQ workshop, mean pooling.
          "bert-base-uncased",
          new Anchor(
              "Yes, we will keep all the materials after the course finishes.",
              "You can follow the course at your own pace after it finishes",
              0.7388));

  private record Anchor(String one, String other, double cosine) {}

  private record Check(String name, boolean ok, String detail) {}

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Option(
      names = "--index",
      paramLabel = "DIR",
      description =
          "Also read every file of this index, compare the checksums, and look for passages whose"
              + " document is gone.")
  private @Nullable Path folder;

  @Option(
      names = "--delete-orphans",
      description = "With --index: delete passages whose document is gone.")
  private boolean deleteOrphans;

  @Option(names = "--json", description = "Print the checks as one JSON object.")
  private boolean json;

  private final List<Check> checks = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the other fields
  Doctor() {}

  @Override
  public Integer call() {
    if (deleteOrphans && folder == null) {
      throw new ParameterException(spec.commandLine(), "--delete-orphans goes with --index only");
    }
    check("jdk", true, Runtime.version() + " at " + System.getProperty("java.home"));
    boolean simd = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    check(
        "simd",
        simd,
        simd
            ? "Lucene compares vectors with SIMD instructions"
            : "start Java with --add-modules jdk.incubator.vector: comparing vectors is three times"
                + " as fast");
    check(
        "threads",
        true,
        Runtime.getRuntime().availableProcessors()
            + " processors, "
            + Runtime.getRuntime().maxMemory() / 1_000_000
            + " MB of heap at most");
    if (checkNatives()) {
      checkModel();
    }
    if (folder != null) {
      checkIndex(folder);
    }
    boolean healthy = checks.stream().allMatch(Check::ok);
    print(healthy);
    return healthy ? 0 : 1;
  }

  private boolean checkNatives() {
    try {
      check("natives", true, BertEmbedder.engine());
      return true;
    } catch (RuntimeException | LinkageError e) {
      check("natives", false, Failures.message(e));
      return false;
    }
  }

  private void checkModel() {
    try (TextEmbedder embedder = model.load()) {
      EmbeddingModel loaded = embedder.model();
      check(
          "model",
          true,
          loaded.name()
              + ", "
              + loaded.dimension()
              + " dimensions, window "
              + loaded.maxTokens()
              + ", fingerprint "
              + loaded.fingerprint().substring(0, 12));
      checkVectors(embedder);
      if (embedder instanceof BertEmbedder bert) {
        check(QUERIES, true, bert.prepareQueries());
      }
    } catch (Exception | LinkageError e) {
      check("model", false, Failures.message(e));
    }
  }

  private void checkVectors(TextEmbedder embedder) {
    Anchor anchor = ANCHORS.get(embedder.model().name());
    if (anchor == null) {
      check("vectors", true, "no published figures to compare with");
      return;
    }
    double cosine =
        VectorUtil.cosine(
            embedder.embedQuery(anchor.one).vector(), embedder.embedQuery(anchor.other).vector());
    check(
        "vectors",
        Math.abs(cosine - anchor.cosine) < TOLERANCE,
        String.format(
            Locale.ROOT,
            "cosine of two known sentences: %.4f, published: %.4f",
            cosine,
            anchor.cosine));
  }

  private void checkIndex(Path index) {
    try {
      IndexIntegrity.check(index);
      IndexManifest manifest = IndexManifest.read(index);
      check(
          "index",
          true,
          "every file of "
              + index
              + " is whole; vectors of "
              + manifest.model().name()
              + ", analyzer "
              + manifest.analyzer());
      long orphans =
          deleteOrphans ? IndexIntegrity.deleteOrphans(index) : IndexIntegrity.orphans(index);
      check(
          "orphans",
          true,
          orphans == 0
              ? "every passage has its document"
              : Amount.of(orphans, "passage")
                  + (deleteOrphans
                      ? " without a document deleted; merges free the space"
                      : " without a document: no search finds them; --delete-orphans deletes"
                          + " them"));
    } catch (IOException e) {
      check("index", false, Failures.message(e));
    }
  }

  private void check(String name, boolean ok, String detail) {
    checks.add(new Check(name, ok, detail));
  }

  private void print(boolean healthy) {
    if (json) {
      ObjectNode all = JsonMapper.shared().createObjectNode().put("ok", healthy);
      ArrayNode list = all.putArray("checks");
      for (Check check : checks) {
        list.addObject().put("name", check.name).put("ok", check.ok).put("detail", check.detail);
      }
      semblance.streams().out().println(Printable.json(all));
      return;
    }
    Streams streams = semblance.streams();
    for (Check check : checks) {
      String head = String.format(Locale.ROOT, "%-4s %-8s ", check.ok ? "ok" : "FAIL", check.name);
      // Its parts are about queries of different lengths.
      String[] parts =
          check.name.equals(QUERIES) ? check.detail.split("(?<=;) ") : new String[] {check.detail};
      for (String part : parts) {
        for (String line :
            TextColumns.lines(Printable.message(part), streams.columns() - head.length())) {
          streams.out().println(head + line);
          head = " ".repeat(head.length());
        }
      }
    }
  }
}
