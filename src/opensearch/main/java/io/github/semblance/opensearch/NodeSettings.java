package io.github.semblance.opensearch;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelEnvironment;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.embed.TextEmbedder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.common.unit.ByteSizeValue;

/** What the file of a node says: no request can change any of it. Stateless. */
final class NodeSettings {
  static final Setting<String> MODEL =
      Setting.simpleString(
          "semblance.model", ModelCatalogue.DEFAULT_MODEL, Setting.Property.NodeScope);

  /** Beside the one above: no mapping can make a node read a folder or fetch a model. */
  static final Setting<List<String>> MODELS =
      Setting.listSetting(
          "semblance.models", List.of(), Function.identity(), Setting.Property.NodeScope);

  static final Setting<Integer> MOST_LOADED =
      Setting.intSetting("semblance.models_loaded", 2, 0, Setting.Property.NodeScope);

  static final Setting<TimeValue> IDLE =
      Setting.positiveTimeSetting(
          "semblance.model_idle", TimeValue.timeValueMinutes(10), Setting.Property.NodeScope);

  static final Setting<Precision> PRECISION =
      choice("semblance.precision", Precision.FP32, Setting.Property.NodeScope);

  /** Whether a model may be a program. */
  static final Setting<Boolean> ALLOW_TORCHSCRIPT =
      Setting.boolSetting("semblance.allow_torchscript", false, Setting.Property.NodeScope);

  static final Setting<Integer> THREADS =
      Setting.intSetting(
          "semblance.threads",
          Runtime.getRuntime().availableProcessors(),
          1,
          Setting.Property.NodeScope);

  /** In {@code char}s. A text is held as objects per word piece while it is cut to passages. */
  static final Setting<Integer> MAX_TEXT_LENGTH =
      Setting.intSetting("semblance.max_text_length", 1_000_000, 1, Setting.Property.NodeScope);

  /** In {@code char}s. No model reads more than some hundred words. */
  static final Setting<Integer> MAX_QUERY_LENGTH =
      Setting.intSetting("semblance.max_query_length", 10_000, 1, Setting.Property.NodeScope);

  /** Of the whole process, models included. */
  static final Setting<ByteSizeValue> NATIVE_MEMORY_LIMIT =
      Setting.byteSizeSetting(
          "semblance.native_memory_limit",
          settings -> NativeMemory.defaultLimit().getStringRep(), // no rounded fraction
          Setting.Property.NodeScope);

  private NodeSettings() {}

  static List<Setting<?>> all() {
    return List.of(
        MODEL,
        MODELS,
        MOST_LOADED,
        IDLE,
        PRECISION,
        ALLOW_TORCHSCRIPT,
        THREADS,
        MAX_TEXT_LENGTH,
        MAX_QUERY_LENGTH,
        NATIVE_MEMORY_LIMIT);
  }

  /** The models that a node may use, the default first; none if it may load none. */
  static List<String> models(Settings settings) {
    if (MOST_LOADED.get(settings) == 0) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>(List.of(MODEL.get(settings)));
    names.addAll(MODELS.get(settings));
    return List.copyOf(names);
  }

  /** A setting that is one of some constants, written in lower case. */
  static <E extends Enum<E>> Setting<E> choice(
      String key, E standard, Setting.Property... properties) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E one : standard.getDeclaringClass().getEnumConstants()) {
      byName.put(one.name().toLowerCase(Locale.ROOT), one);
    }
    Function<String, E> of =
        name -> {
          E one = byName.get(name);
          if (one == null) {
            throw new IllegalArgumentException(
                key + " must be one of " + byName.keySet() + ", got: " + name);
          }
          return one;
        };
    return new Setting<>(key, standard.name().toLowerCase(Locale.ROOT), of, properties);
  }

  /** Opens a model by its name, with a folder of the node's for what is computed. */
  static BertModel open(Settings settings, String name, Path folder) throws CheckpointException {
    ModelEnvironment system = ModelEnvironment.system();
    ModelStore models =
        new ModelStore(
            new ModelEnvironment(
                system.variables(), system.properties(), folder, system.classLoader()));
    return models.open(name, trust(settings));
  }

  /** Loads a model by its name. */
  static TextEmbedder load(Settings settings, String name, Path folder) {
    String what = "the model \"" + name + "\" of semblance.model or semblance.models ";
    try {
      return BertEmbedder.load(
          open(settings, name, folder),
          BertEmbedder.Options.defaults()
              .withThreads(THREADS.get(settings))
              .withPrecision(PRECISION.get(settings))
              .withTrust(trust(settings)));
    } catch (CheckpointException e) {
      throw new IllegalStateException(what + "cannot be used: " + e.getMessage(), e);
    } catch (SecurityException e) {
      throw new IllegalArgumentException(
          what
              + "is in no folder that the plugin may read; put it below the node's config folder, or name the folder that it is in:"
              + " -Dsemblance.models.path=FOLDER in config/jvm.options.d",
          e);
    }
  }

  private static ModelTrust trust(Settings settings) {
    return ALLOW_TORCHSCRIPT.get(settings) ? ModelTrust.TORCHSCRIPT : ModelTrust.WEIGHTS;
  }
}
