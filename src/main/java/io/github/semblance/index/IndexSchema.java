package io.github.semblance.index;

import io.github.semblance.corpus.SourceDocument;
import io.github.semblance.embed.Embedding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.join.QueryBitSetProducer;
import org.apache.lucene.util.BytesRef;

/**
 * The fields of an index, and the only maker of its Lucene documents. Stateless.
 *
 * <p>A source document is a block: one child per passage, in text order, then the parent. Children
 * hold nothing but the vector and where the passage stands, so that ordinary fields and their
 * statistics are those of whole documents.
 *
 * <p>A filter on the parent becomes a filter on passages through the block join, not through
 * keywords repeated on each child: that works for every query an application filters by, costs no
 * disk, and Lucene turns the filter into a bit set before it enters the vector graph either way.
 *
 * <p>Keyword fields keep the names that the source gives them. The names {@value #ID}, {@value
 * #TITLE} and {@value #TEXT} and all that begin with {@code _} belong to the schema: a keyword
 * field so named is indexed as {@code keyword.} and its name, see {@link #keywordField}.
 */
public final class IndexSchema {
  /** Changes whenever a field below changes its meaning or a field is added that readers need. */
  static final int VERSION = 1;

  /** Parent: the document's id; indexed as is, stored, and as doc values for sorting. */
  public static final String ID = "id";

  /** Parent: the title; analysed with positions and offsets, for boosts and highlights; stored. */
  public static final String TITLE = "title";

  /** Parent: the text; as the title. */
  public static final String TEXT = "text";

  /**
   * Parent: title, text and keyword values in one analysed field, not stored. It is what keyword
   * search reads by default: one BM25 over everything ranks better than a sum over fields.
   */
  public static final String CATCH_ALL = "_all";

  /** Child: the passage's vector; cosine. */
  public static final String VECTOR = "_vector";

  /** Child: offset of the passage's first {@code char} in the parent's text; doc values. */
  public static final String PASSAGE_START = "_start";

  /** Child: offset after the passage's last {@code char} in the parent's text; doc values. */
  public static final String PASSAGE_END = "_end";

  /** Parent: how many children stand before it; doc values, and the mark of a parent. */
  public static final String PASSAGES = "_passages";

  /** Parent and children: the document's id again, so that one term deletes the whole block. */
  static final String BLOCK = "_block";

  /** Parent: hash of what was embedded; doc values. Equal hashes mean equal vectors. */
  static final String EMBEDDED = "_embedded";

  private static final String ANALYZED_PREFIX = "_text.";
  private static final String KEYWORD_PREFIX = "keyword.";
  private static final Set<String> NAMED = Set.of(ID, TITLE, TEXT);

  private static final QueryBitSetProducer PARENTS =
      new QueryBitSetProducer(new FieldExistsQuery(PASSAGES));

  private static final FieldType HIGHLIGHTED = highlighted();

  private IndexSchema() {}

  /** Tells parents from children; one instance, because it caches a bit set per segment. */
  public static QueryBitSetProducer parents() {
    return PARENTS;
  }

  /** Matches passages and nothing else: what a search for documents must leave out. */
  public static Query passagesOnly() {
    return new FieldExistsQuery(PASSAGE_START);
  }

  /** Where the exact values of a source's keyword field are indexed. */
  public static String keywordField(String name) {
    return NAMED.contains(name) || name.startsWith("_") ? KEYWORD_PREFIX + name : name;
  }

  /**
   * Where the words of a keyword field are indexed, for boosts: the catch-all field has them too.
   */
  public static String analyzedField(String keywordField) {
    return ANALYZED_PREFIX + keywordField;
  }

  /** The term that all Lucene documents of one source document share. */
  static Term block(String id) {
    return new Term(BLOCK, id);
  }

  /**
   * Makes a source document's block.
   *
   * @param embeddings one per passage
   * @throws IllegalArgumentException if the id or a keyword is too long for a Lucene term
   */
  static List<Document> block(
      SourceDocument source, List<Passages.Passage> passages, List<Embedding> embeddings) {
    String id = requireTerm("id", source.id());
    List<Document> block = new ArrayList<>(passages.size() + 1);
    for (int i = 0; i < passages.size(); i++) {
      Document child = new Document();
      child.add(new StringField(BLOCK, id, Field.Store.NO));
      child.add(
          new KnnFloatVectorField(
              VECTOR, embeddings.get(i).vector(), VectorSimilarityFunction.COSINE));
      child.add(new NumericDocValuesField(PASSAGE_START, passages.get(i).start()));
      child.add(new NumericDocValuesField(PASSAGE_END, passages.get(i).end()));
      block.add(child);
    }
    block.add(parent(source, id, passages.size()));
    return block;
  }

  private static Document parent(SourceDocument source, String id, int passages) {
    Document parent = new Document();
    parent.add(new StringField(BLOCK, id, Field.Store.NO));
    parent.add(new StringField(ID, id, Field.Store.YES));
    parent.add(new SortedDocValuesField(ID, new BytesRef(id)));
    parent.add(new Field(TITLE, source.title(), HIGHLIGHTED));
    parent.add(new Field(TEXT, source.text(), HIGHLIGHTED));
    parent.add(new TextField(CATCH_ALL, source.title(), Field.Store.NO));
    parent.add(new TextField(CATCH_ALL, source.text(), Field.Store.NO));
    for (Map.Entry<String, List<String>> keyword : source.keywords().entrySet()) {
      String field = keywordField(keyword.getKey());
      for (String value : keyword.getValue()) {
        parent.add(new KeywordField(field, requireTerm(field, value), Field.Store.YES));
        parent.add(new TextField(analyzedField(field), value, Field.Store.NO));
        parent.add(new TextField(CATCH_ALL, value, Field.Store.NO));
      }
    }
    parent.add(new NumericDocValuesField(PASSAGES, passages));
    parent.add(new BinaryDocValuesField(EMBEDDED, embeddedHash(source)));
    return parent;
  }

  /** SHA-256 over title and text, with a separator that neither can hold as UTF-8. */
  private static BytesRef embeddedHash(SourceDocument source) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(source.title().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0xff);
      digest.update(source.text().getBytes(StandardCharsets.UTF_8));
      return new BytesRef(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String requireTerm(String field, String value) {
    // A char is at most three bytes of UTF-8: most values need no counting.
    if (value.length() > IndexWriter.MAX_TERM_LENGTH / 3) {
      int length = value.getBytes(StandardCharsets.UTF_8).length;
      if (length > IndexWriter.MAX_TERM_LENGTH) {
        throw new IllegalArgumentException(
            "field \""
                + field
                + "\" must be at most "
                + IndexWriter.MAX_TERM_LENGTH
                + " bytes of UTF-8 to be matched exactly, got: "
                + length);
      }
    }
    return value;
  }

  private static FieldType highlighted() {
    FieldType type = new FieldType(TextField.TYPE_STORED);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
    type.freeze();
    return type;
  }
}
