package io.github.semblance.index;

import io.github.semblance.embed.EmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The form that an {@link IndexManifest} has in the user data of a commit. Stateless. */
final class ManifestData {
  private static final String OURS = "semblance.";
  private static final String SCHEMA = OURS + "schema";
  private static final String ANALYZER = OURS + "analyzer";
  private static final String FIELDS = OURS + "fields.";
  private static final String QUANTIZATION = OURS + "quantization";
  private static final String FOREIGN_COSINE = OURS + "foreign_cosine";
  private static final String MODEL = OURS + "model.";
  private static final String PROPERTY = MODEL + "property.";

  private ManifestData() {}

  /** The entries of a manifest. */
  static Map<String, String> of(IndexManifest manifest) {
    EmbeddingModel model = manifest.model();
    DocumentFields fields = manifest.fields();
    Map<String, String> userData = new TreeMap<>();
    userData.put(SCHEMA, Integer.toString(manifest.schemaVersion()));
    userData.put(ANALYZER, manifest.analyzer());
    if (manifest.quantization() != null) {
      userData.put(QUANTIZATION, manifest.quantization().name());
    }
    if (!fields.equals(IndexSchema.FIELDS)) {
      userData.put(FIELDS + "id", fields.id());
      userData.put(FIELDS + "title", fields.title() == null ? "" : fields.title());
      for (int i = 0; i < fields.text().size(); i++) {
        userData.put(FIELDS + "text." + i, fields.text().get(i));
      }
    }
    userData.put(MODEL + "name", model.name());
    userData.put(MODEL + "dimension", Integer.toString(model.dimension()));
    userData.put(MODEL + "max_tokens", Integer.toString(model.maxTokens()));
    userData.put(MODEL + "special_tokens", Integer.toString(model.specialTokens()));
    userData.put(MODEL + "cosine_floor", Float.toString(model.cosineFloor()));
    userData.put(MODEL + "fingerprint", model.fingerprint());
    model.properties().forEach((name, value) -> userData.put(PROPERTY + name, value));
    if (manifest.tuning() != null) {
      userData.putAll(manifest.tuning().toUserData());
    }
    if (manifest.foreignCosine() != null) {
      userData.putAll(foreignCosine(manifest.foreignCosine()));
    }
    return userData;
  }

  /**
   * The manifest in a commit's user data.
   *
   * @throws IllegalArgumentException if an entry is missing or out of range
   */
  static IndexManifest read(Map<String, String> userData) {
    return new IndexManifest(
        IndexSchema.VERSION,
        new EmbeddingModel(
            require(userData, MODEL + "name"),
            Integer.parseInt(require(userData, MODEL + "dimension")),
            Integer.parseInt(require(userData, MODEL + "max_tokens")),
            Integer.parseInt(require(userData, MODEL + "special_tokens")),
            Float.parseFloat(require(userData, MODEL + "cosine_floor")),
            require(userData, MODEL + "fingerprint"),
            properties(userData)),
        require(userData, ANALYZER),
        fields(userData),
        quantization(userData),
        Tuning.of(userData),
        foreignCosine(userData));
  }

  /** The form in which a commit carries {@link IndexManifest#foreignCosine}. */
  static Map<String, String> foreignCosine(float cosine) {
    return Map.of(FOREIGN_COSINE, Float.toString(cosine));
  }

  private static @Nullable Float foreignCosine(Map<String, String> userData) {
    String cosine = userData.get(FOREIGN_COSINE);
    return cosine == null ? null : Float.valueOf(cosine);
  }

  /** Whether a commit's user data tell that Semblance wrote it, whatever the version. */
  static boolean isIn(Map<String, String> userData) {
    return userData.containsKey(SCHEMA);
  }

  /** Whether an entry of a commit's user data belongs to a manifest. */
  static boolean isOurs(String key) {
    return key.startsWith(OURS);
  }

  /** The version of whatever has written there. */
  static String version(Map<String, String> userData) {
    return require(userData, SCHEMA);
  }

  private static Map<String, String> properties(Map<String, String> userData) {
    Map<String, String> properties = new TreeMap<>();
    userData.forEach(
        (key, value) -> {
          if (key.startsWith(PROPERTY)) {
            properties.put(key.substring(PROPERTY.length()), value);
          }
        });
    return properties;
  }

  private static DocumentFields fields(Map<String, String> userData) {
    if (userData.keySet().stream().noneMatch(key -> key.startsWith(FIELDS))) {
      return IndexSchema.FIELDS;
    }
    List<String> text = new ArrayList<>();
    text.add(require(userData, FIELDS + "text.0"));
    for (String name; (name = userData.get(FIELDS + "text." + text.size())) != null; ) {
      text.add(name);
    }
    String title = require(userData, FIELDS + "title");
    return new DocumentFields(
        require(userData, FIELDS + "id"), title.isEmpty() ? null : title, text);
  }

  private static @Nullable Quantization quantization(Map<String, String> userData) {
    String name = userData.get(QUANTIZATION);
    return name == null ? null : Quantization.valueOf(name);
  }

  private static String require(Map<String, String> userData, String key) {
    String value = userData.get(key);
    if (value == null) {
      throw new IllegalArgumentException("\"" + key + "\" is missing");
    }
    return value;
  }
}
