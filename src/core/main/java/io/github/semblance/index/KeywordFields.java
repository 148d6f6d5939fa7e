package io.github.semblance.index;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.document.Document;

/**
 * The keyword fields of an index, of which there are at most {@link
 * IndexSchema#MAX_KEYWORD_FIELDS}. For one thread.
 */
final class KeywordFields {
  private final Set<String> known = new HashSet<>();

  /** Knows the fields of an index. */
  KeywordFields(Set<String> fields) {
    for (String field : fields) {
      if (IndexSchema.isAnalyzedField(field)) {
        known.add(field);
      }
    }
  }

  /**
   * A document on its way into the index; one that would bring too many fields is refused when its
   * turn comes, as others that cannot be indexed are, and its fields do not count.
   */
  IncomingDocument incoming(SourceDocument source) {
    Set<String> added = new HashSet<>();
    for (String name : source.keywords().keySet()) {
      String field = IndexSchema.analyzedField(IndexSchema.keywordField(name));
      if (!known.contains(field)) {
        added.add(field);
      }
    }
    if (known.size() + added.size() <= IndexSchema.MAX_KEYWORD_FIELDS) {
      known.addAll(added);
      return IncomingDocument.of(source);
    }
    String reason =
        "an index has at most "
            + IndexSchema.MAX_KEYWORD_FIELDS
            + " keyword fields, this one has "
            + known.size()
            + ", and the document brings "
            + added.size()
            + " more; name the fields that are to be keywords, or make names that vary the values"
            + " of one field";
    Supplier<Document> refusal =
        () -> {
          throw new IllegalArgumentException(reason);
        };
    // Without text, so that nothing is embedded in vain.
    return new IncomingDocument(source.id(), "", "", Outline.NONE, null, refusal);
  }
}
