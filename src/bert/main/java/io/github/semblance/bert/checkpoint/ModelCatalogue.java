package io.github.semblance.bert.checkpoint;

import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Pooling;
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
    return new CatalogueEntry(
        model.get("name").asString(),
        model.get("maven").asString(),
        model.get("weights").asString(),
        model.get("tokenizer").asString(),
        model.get("hub").asString(),
        model.get("config").toString(),
        model.get("config").get("hidden_size").asInt(),
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
        sources);
  }

  private static @Nullable Calibration calibration(@Nullable JsonNode confidence) {
    return confidence == null
        ? null
        : new Calibration(
            confidence.get("midpoint").floatValue(), confidence.get("slope").floatValue());
  }
}
