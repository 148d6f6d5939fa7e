package io.github.semblance.opensearch;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.index.PassageEmbedder.TitledText;
import io.github.semblance.index.PassageVector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
 * on_failure} of the pipeline decide about it; the others of the request go on.
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

  private final NodeModel model;
  private final List<String> textFields;
  private final String titleField;
  private final String targetField;
  private final boolean ignoreMissing;

  private EmbedProcessor(
      @Nullable String tag,
      @Nullable String description,
      NodeModel model,
      List<String> textFields,
      String titleField,
      String targetField,
      boolean ignoreMissing) {
    super(tag, description);
    this.model = model;
    this.textFields = textFields;
    this.titleField = titleField;
    this.targetField = targetField;
    this.ignoreMissing = ignoreMissing;
  }

  /** Reads a processor's definition in a pipeline. */
  static final class Factory implements Processor.Factory {
    private final NodeModel model;

    Factory(NodeModel model) {
      this.model = model;
    }

    @Override
    public EmbedProcessor create(
        Map<String, Processor.Factory> factories,
        @Nullable String tag,
        @Nullable String description,
        Map<String, Object> config) {
      List<String> textFields =
          ConfigurationUtils.readOptionalList(TYPE, tag, config, "text_fields");
      if (textFields != null && textFields.isEmpty()) {
        throw ConfigurationUtils.newConfigurationException(
            TYPE, tag, "text_fields", "must name at least one field, got none");
      }
      return new EmbedProcessor(
          tag,
          description,
          model,
          textFields == null ? List.of("text") : List.copyOf(textFields),
          ConfigurationUtils.readStringProperty(TYPE, tag, config, "title_field", "title"),
          ConfigurationUtils.readStringProperty(TYPE, tag, config, "target_field", "passages"),
          ConfigurationUtils.readBooleanProperty(TYPE, tag, config, "ignore_missing", false));
    }
  }

  @Override
  public String getType() {
    return TYPE;
  }

  @Override
  public IngestDocument execute(IngestDocument document) {
    write(document, model.embedDocuments(List.of(read(document))).getFirst());
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
    List<IngestDocumentWrapper> readable = new ArrayList<>(batch.size());
    List<TitledText> texts = new ArrayList<>(batch.size());
    for (IngestDocumentWrapper one : batch) {
      try {
        texts.add(read(one.getIngestDocument()));
        readable.add(one);
      } catch (RuntimeException e) {
        one.update(one.getIngestDocument(), e);
      }
    }
    // Once: what goes on in the handler is not ours to answer for with a second call.
    model.embedDocuments(
        texts,
        ActionListener.notifyOnce(
            new ActionListener<>() {
              @Override
              public void onResponse(List<List<PassageVector>> embedded) {
                for (int i = 0; i < readable.size(); i++) {
                  writeOrFail(readable.get(i), embedded.get(i));
                }
                handler.accept(batch);
              }

              @Override
              public void onFailure(Exception failure) {
                readable.forEach(one -> one.update(one.getIngestDocument(), failure));
                handler.accept(batch);
              }
            }));
  }

  private void writeOrFail(IngestDocumentWrapper one, List<PassageVector> embedded) {
    try {
      write(one.getIngestDocument(), embedded);
    } catch (RuntimeException e) {
      one.update(one.getIngestDocument(), e);
    }
  }

  private TitledText read(IngestDocument document) {
    List<String> values = new ArrayList<>();
    for (String field : textFields) {
      addStrings(document, field, values);
    }
    List<String> title = new ArrayList<>();
    addStrings(document, titleField, title);
    TitledText text = new TitledText(String.join("\n", title), String.join("\n", values));
    if (text.title().length() > model.maxTextLength()) {
      throw model.tooLong("field [" + titleField + "]", text.title());
    }
    if (text.text().length() > model.maxTextLength()) {
      throw model.tooLong("fields " + textFields, text.text());
    }
    if (text.title().isBlank() && text.text().isBlank() && !ignoreMissing) {
      throw new IllegalArgumentException(
          "fields "
              + textFields
              + " hold no text to embed; set ignore_missing to index such documents without"
              + " vectors");
    }
    return text;
  }

  /** Adds what a field says, as it is spelt in the document. */
  static void addStrings(IngestDocument document, String field, List<String> values) {
    Object value = document.getFieldValue(field, Object.class, true);
    for (Object one :
        value instanceof List<?> several ? several : Collections.singletonList(value)) {
      switch (one) {
        case null -> {}
        case String text -> values.add(text);
        case Number number -> values.add(number.toString());
        case Boolean truth -> values.add(truth.toString());
        default ->
            throw new IllegalArgumentException(
                "field ["
                    + field
                    + "] must hold strings, numbers or booleans to be embedded, got "
                    + (one instanceof Map ? "an object" : "an array within an array"));
      }
    }
  }

  private void write(IngestDocument document, List<PassageVector> embedded) {
    EmbeddingModel facts = model.facts();
    List<Map<String, Object>> passages = new ArrayList<>(embedded.size());
    for (PassageVector passage : embedded) {
      Map<String, Object> nested = new HashMap<>();
      nested.put(VECTOR_FIELD, IngestedVector.of(facts, passage).toMap());
      passages.add(nested);
    }
    document.setFieldValue(targetField, passages);
  }
}
