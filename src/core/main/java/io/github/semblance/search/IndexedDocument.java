package io.github.semblance.search;

import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.MetadataFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexableField;

/**
 * What an index has stored of a document. Immutable.
 *
 * @param id empty if an application's document has none
 * @param title may be empty
 * @param text the whole text; may be empty
 * @param fields keyword values by field, in the order they were indexed
 */
public record IndexedDocument(
    String id, String title, String text, Map<String, List<String>> fields) {

  /** Copies the map, not its lists. */
  public IndexedDocument {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static IndexedDocument of(DocumentFields names, Document stored) {
    Set<String> shownApart = new HashSet<>(names.text());
    shownApart.add(names.id());
    if (names.title() != null) {
      shownApart.add(names.title());
    }
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (IndexableField field : stored) {
      String value = field.stringValue();
      String shown =
          shownApart.contains(field.name()) ? null : MetadataFields.shownAs(field.name());
      if (value != null && shown != null) {
        fields.computeIfAbsent(shown, name -> new ArrayList<>()).add(value);
      }
    }
    String id = stored.get(names.id());
    return new IndexedDocument(
        id == null ? "" : id, names.title(stored), names.text(stored), fields);
  }
}
