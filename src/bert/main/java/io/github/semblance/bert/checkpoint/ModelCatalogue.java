package io.github.semblance.bert.checkpoint;

import io.github.semblance.embed.Calibration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that are known by name, with the facts of their cards: the content of {@code
 * models.json} next to this class.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class ModelCatalogue {
  /** The model whose weights travel with the library. */
  public static final String DEFAULT_MODEL = "all-MiniLM-L6-v2";

  /** The artifact that carries it, of the same version as this module. */
  static final String DEFAULT_ARTIFACT = "io.github.semblance:semblance-minilm";

  private static final List<CatalogueEntry> ENTRIES = read();

  private ModelCatalogue() {}

  /** Every known model, the default one first. */
  public static List<CatalogueEntry> entries() {
    return ENTRIES;
  }

  /** The model of that name; letter case does not matter. */
  public static Optional<CatalogueEntry> byName(String name) {
    return find(entry -> entry.name().equalsIgnoreCase(name));
  }

  /**
   * What is known of a model, whatever the user calls it: its name, {@code hf:ORG/NAME} or the
   * coordinates of its jar. Other models, folders among them, are not known.
   */
  public static Optional<CatalogueEntry> find(String model) {
    try {
      return switch (ModelReference.parse(model)) {
        case ModelReference.Catalogued catalogued -> Optional.of(catalogued.entry());
        case ModelReference.HubRepository repository -> byHubRepository(repository.name());
        case ModelReference.MavenJar jar -> byArtifact(jar.group(), jar.artifact());
        case ModelReference.Folder folder -> Optional.empty();
      };
    } catch (CheckpointException e) {
      return Optional.empty(); // is called like no model
    }
  }

  /** The model whose jar has these coordinates in any version. */
  static Optional<CatalogueEntry> byArtifact(String group, String artifact) {
    return find(entry -> entry.maven().startsWith(group + ":" + artifact + ":"));
  }

  /** The model with that repository on the Hugging Face hub. */
  static Optional<CatalogueEntry> byHubRepository(String repository) {
    return find(entry -> entry.hub().equalsIgnoreCase(repository));
  }

  private static Optional<CatalogueEntry> find(Predicate<CatalogueEntry> wanted) {
    return ENTRIES.stream().filter(wanted).findFirst();
  }

  private static List<CatalogueEntry> read() {
    try (InputStream json = ModelCatalogue.class.getResourceAsStream("models.json")) {
      List<CatalogueEntry> entries = new ArrayList<>();
      for (JsonNode model : JsonMapper.shared().readTree(json)) {
        entries.add(entry(model));
      }
      return List.copyOf(entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CatalogueEntry entry(JsonNode model) {
    Map<String, String> sources = new LinkedHashMap<>();
    model
        .get("sources")
        .properties()
        .forEach(s -> sources.put(s.getKey(), s.getValue().asString()));
    List<String> languages = new ArrayList<>();
    model.get("languages").forEach(code -> languages.add(code.asString()));
    int dimension = model.get("config").get("hidden_size").asInt();
    for (JsonNode layer : model.path("dense")) {
      dimension = layer.asInt();
    }
    return new CatalogueEntry(
        model.get("name").asString(),
        model.path("maven").asString(""),
        model.path("weights").asString(""),
        model.path("tokenizer").asString(""),
        model.get("hub").asString(),
        model.get("config").toString(),
        dimension,
        new Checkpoint.Facts(
            model.get("max_tokens").asInt(),
            Pooling.valueOf(model.get("pooling").asString().toUpperCase(Locale.ROOT)),
            model.get("normalized").asBoolean(),
            model.get("query_prefix").asString(),
            model.get("passage_prefix").asString(),
            model.get("cosine_floor").floatValue(),
            calibration(model.get("confidence"))),
        model.get("download_bytes").asLong(),
        model.get("licence").asString(),
        List.copyOf(languages),
        sources);
  }

  private static @Nullable Calibration calibration(@Nullable JsonNode confidence) {
    return confidence == null
        ? null
        : new Calibration(
            confidence.get("midpoint").floatValue(),
            confidence.get("slope").floatValue(),
            confidence.get("foreign_cosine").floatValue());
  }
}
