package io.github.semblance.opensearch;

import io.github.semblance.index.PassageEmbedder.TitledText;
import io.github.semblance.index.PassageVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opensearch.OpenSearchException;
import org.opensearch.cluster.ClusterState;
import org.opensearch.core.action.ActionListener;
import org.opensearch.ingest.AbstractProcessor;
import org.opensearch.ingest.ConfigurationUtils;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.ingest.IngestDocumentWrapper;
import org.opensearch.ingest.Processor;

/**
 * Embeds the text of documents before they are indexed: the ingest processor {@code semblance}.
 * Thread-safe.
 *
 * <p>All documents of a bulk request are embedded together, on threads of the plugin. A document
 * that cannot be embedded fails with the reason, so that {@code ignore_failure} and {@code
 * on_failure} of the pipeline decide about it; the others of the request go on. A document that
 * comes with the passages of its text is not embedded again.
 *
 * <p>A field may hold a string, a number, a boolean, or a list of these, in which nulls do not
 * count; objects and lists within lists are refused.
 *
 * <ul>
 *   <li>{@code text_fields}: the fields that are cut to passages, {@code ["text"]} by default;
 *       several are joined by line feeds, and offsets of passages count in the result
 *   <li>{@code title_field}: stands before each passage; {@code "title"} by default, may be absent
 *       in a document
 *   <li>{@code target_field}: the nested field that gets the passages, {@code "passages"}
 *   <li>{@code ignore_missing}: whether a document without any text may pass without a vector,
 *       {@code false} by default
 * </ul>
 */
final class EmbedProcessor extends AbstractProcessor {
  static final String TYPE = "semblance";

  /** Where the mapping has the field of type {@code semblance_vector}, below the target field. */
  static final String VECTOR_FIELD = "vector";

  private final NodeModels models;
  private final MappedModels mapped;
  private final Supplier<ClusterState> cluster;
  private final TextFields fields;
  private final String targetField;
  private final boolean ignoreMissing;

  private EmbedProcessor(
      @Nullable String tag,
      @Nullable String description,
      NodeModels models,
      MappedModels mapped,
      Supplier<ClusterState> cluster,
      TextFields fields,
      String targetField,
      boolean ignoreMissing) {
    super(tag, description);
    this.models = models;
    this.mapped = mapped;
    this.cluster = cluster;
    this.fields = fields;
    this.targetField = targetField;
    this.ignoreMissing = ignoreMissing;
  }

  /** Reads a processor's definition in a pipeline. */
  record Factory(NodeModels models, MappedModels mapped, Supplier<ClusterState> cluster)
      implements Processor.Factory {
    @Override
    public EmbedProcessor create(
        Map<String, Processor.Factory> factories,
        @Nullable String tag,
        @Nullable String description,
        Map<String, Object> config) {
      List<String> texts = texts(tag, config);
      String title =
          ConfigurationUtils.readStringProperty(TYPE, tag, config, "title_field", "title");
      requireName(tag, "title_field", title);
      String target =
          ConfigurationUtils.readStringProperty(TYPE, tag, config, "target_field", "passages");
      requireName(tag, "target_field", target);
      if (isMetadata(target)) {
        throw refused(tag, "target_field", "must be a field of the document, got [" + target + "]");
      }
      if (texts.contains(target) || title.equals(target)) {
        throw refused(
            tag, "target_field", "must not be a field that is embedded, got [" + target + "]");
      }
      return new EmbedProcessor(
          tag,
          description,
          models,
          mapped,
          cluster,
          new TextFields(texts, title),
          target,
          ConfigurationUtils.readBooleanProperty(TYPE, tag, config, "ignore_missing", false));
    }

    private static List<String> texts(@Nullable String tag, Map<String, Object> config) {
      List<?> said = ConfigurationUtils.readOptionalList(TYPE, tag, config, "text_fields");
      if (said == null) {
        return List.of("text");
      }
      if (said.isEmpty()) {
        throw refused(tag, "text_fields", "must name at least one field, got none");
      }
      List<String> texts = new ArrayList<>(said.size());
      for (Object one : said) {
        if (!(one instanceof String name)) {
          throw refused(tag, "text_fields", "must be names of fields, got: " + one);
        }
        requireName(tag, "text_fields", name);
        texts.add(name);
      }
      return texts;
    }

    private static OpenSearchException refused(@Nullable String tag, String property, String rule) {
      return ConfigurationUtils.newConfigurationException(TYPE, tag, property, rule);
    }

    private static void requireName(@Nullable String tag, String property, String name) {
      if (name.isBlank()) {
        throw refused(tag, property, "must be the name of a field, got a blank");
      }
    }

    private static boolean isMetadata(String field) {
      return field.equals("_source")
          || field.equals(IngestDocument.INGEST_KEY)
          || field.startsWith(IngestDocument.INGEST_KEY + ".")
          || Arrays.stream(IngestDocument.Metadata.values())
              .anyMatch(one -> one.getFieldName().equals(field));
    }
  }

  @Override
  public String getType() {
    return TYPE;
  }

  @Override
  public IngestDocument execute(IngestDocument document) {
    Read read = read(document);
    if (!read.isEmbedded) {
      write(document, read, models.embedDocuments(read.model, List.of(read.text)).getFirst());
    }
    return document;
  }

  @Override
  public void execute(
      IngestDocument document, BiConsumer<IngestDocument, @Nullable Exception> handler) {
    batchExecute(
        List.of(new IngestDocumentWrapper(0, 0, document, null)),
        done -> handler.accept(document, done.getFirst().getException()));
  }

  @Override
  public void batchExecute(
      List<IngestDocumentWrapper> batch, Consumer<List<IngestDocumentWrapper>> handler) {
    Map<String, List<Item>> byModel = new LinkedHashMap<>();
    for (IngestDocumentWrapper one : batch) {
      try {
        Read read = read(one.getIngestDocument());
        if (!read.isEmbedded) {
          byModel.computeIfAbsent(read.model, model -> new ArrayList<>()).add(new Item(one, read));
        }
      } catch (RuntimeException e) {
        one.update(one.getIngestDocument(), e);
      }
    }
    if (byModel.isEmpty()) {
      handler.accept(batch); // on the thread that asks, which answers for what is thrown
      return;
    }
    embed(byModel.entrySet().iterator(), () -> goOn(batch, handler));
  }

  /** A document that waits for its passages. */
  private record Item(IngestDocumentWrapper document, Read read) {}

  /** By one model after the other. */
  private void embed(Iterator<Map.Entry<String, List<Item>>> byModel, Runnable then) {
    Map.Entry<String, List<Item>> next = byModel.next();
    List<Item> items = next.getValue();
    Runnable rest = byModel.hasNext() ? () -> embed(byModel, then) : then;
    // Once: what goes on in the handler is not to be answered for with a second call.
    models.embedDocuments(
        next.getKey(),
        items.stream().map(item -> item.read.text).toList(),
        ActionListener.notifyOnce(
            new ActionListener<>() {
              @Override
              public void onResponse(List<List<PassageVector>> embedded) {
                for (int i = 0; i < items.size(); i++) {
                  writeOrFail(items.get(i).document, items.get(i).read, embedded.get(i));
                }
                rest.run();
              }

              @Override
              public void onFailure(Exception failure) {
                items.forEach(
                    item -> item.document.update(item.document.getIngestDocument(), failure));
                rest.run();
              }
            }));
  }

  /** With the processors that follow; the request is answered if they throw. */
  private void goOn(
      List<IngestDocumentWrapper> batch, Consumer<List<IngestDocumentWrapper>> handler) {
    try {
      handler.accept(batch);
    } catch (RuntimeException e) {
      models.answers().fail(e);
    }
  }

  private void writeOrFail(IngestDocumentWrapper one, Read read, List<PassageVector> embedded) {
    try {
      write(one.getIngestDocument(), read, embedded);
    } catch (RuntimeException e) {
      one.update(one.getIngestDocument(), e);
    }
  }

  /**
   * What a document says.
   *
   * @param model of the index that it is for
   * @param isEmbedded whether it comes with the passages of just that text
   */
  private record Read(String model, TitledText text, String hash, boolean isEmbedded) {}

  private Read read(IngestDocument document) {
    Map<String, Object> source = document.getSourceAndMetadata();
    Unicode.requireWellFormed(source);
    String model =
        mapped
            .modelOf(
                cluster.get(),
                String.valueOf(source.get("_index")),
                targetField + "." + VECTOR_FIELD)
            .orElse(models.defaultModel());
    TitledText text = fields.read(source);
    models.requireLength(
        "field [" + fields.title() + "]", text.title(), NodeSettings.MAX_TEXT_LENGTH);
    models.requireLength("fields " + fields.texts(), text.text(), NodeSettings.MAX_TEXT_LENGTH);
    if (text.title().isBlank() && text.text().isBlank() && !ignoreMissing) {
      throw new IllegalArgumentException(
          "fields "
              + fields.texts()
              + " hold no text to embed; set ignore_missing to index such documents without"
              + " vectors");
    }
    String hash = TextFields.hash(text);
    boolean isEmbedded = isEmbedded(document, model, hash);
    if (isEmbedded) {
      models.counts().unchanged();
    }
    return new Read(model, text, hash, isEmbedded);
  }

  private boolean isEmbedded(IngestDocument document, String model, String hash) {
    if (!(document.getFieldValue(targetField, Object.class, true) instanceof List<?> passages)
        || passages.isEmpty()) {
      return false;
    }
    String fingerprint = models.facts(model).fingerprint();
    for (Object passage : passages) {
      if (!(passage instanceof Map<?, ?> nested)
          || !(nested.get(VECTOR_FIELD) instanceof Map<?, ?> vector)
          || !Objects.equals(vector.get(IngestedVector.FINGERPRINT), fingerprint)
          || !Objects.equals(vector.get(IngestedVector.HASH), hash)
          || !Objects.equals(vector.get(IngestedVector.TEXT_FIELDS), fields.texts())
          || !Objects.equals(vector.get(IngestedVector.TITLE_FIELD), fields.title())) {
        return false;
      }
    }
    return true;
  }

  private void write(IngestDocument document, Read read, List<PassageVector> embedded) {
    String fingerprint = models.facts(read.model).fingerprint();
    List<Map<String, Object>> passages = new ArrayList<>(embedded.size());
    for (PassageVector passage : embedded) {
      Map<String, Object> nested = new HashMap<>();
      nested.put(
          VECTOR_FIELD,
          new IngestedVector(read.model, fingerprint, fields, read.hash, passage).toMap());
      passages.add(nested);
    }
    document.setFieldValue(targetField, passages);
  }
}
