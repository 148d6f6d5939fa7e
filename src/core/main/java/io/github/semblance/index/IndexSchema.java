package io.github.semblance.index;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
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
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.join.QueryBitSetProducer;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

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
 * <p>The document of an application keeps its own fields, which {@link DocumentFields} names; what
 * is said below of {@value #ID}, {@value #TITLE} and {@value #TEXT} is for {@link SourceDocument}s.
 *
 * <p>Keyword fields keep the names that the source gives them. The names {@value #ID}, {@value
 * #TITLE} and {@value #TEXT} and all that begin with {@code _} belong to the schema: a keyword
 * field so named is indexed as {@code keyword.} and its name, see {@link #keywordField}.
 */
public final class IndexSchema {
  /** Changes whenever a field below changes its meaning or a field is added that readers need. */
  static final int VERSION = 2;

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

  /**
   * Parent: what is in the catch-all field, in words as Unicode divides them and as they were
   * written but for upper case, whatever the index's analyzer does to words; without positions, not
   * stored.
   */
  public static final String EXACT = "_exact";

  /** Makes the terms of {@link #EXACT}. Not to be closed. */
  public static final Analyzer EXACT_ANALYZER = new StandardAnalyzer();

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

  /**
   * Parent: hash of what was embedded and of the model; doc values. Equal hashes mean equal
   * vectors.
   */
  static final String EMBEDDED = "_embedded";

  /** Parent: hash of the whole document where that is known; doc values. */
  static final String CONTENT = "_content";

  /** What the fields of a {@link SourceDocument} are called. */
  static final DocumentFields FIELDS = DocumentFields.of(ID, TEXT).withTitle(TITLE);

  private static final String ANALYZED_PREFIX = "_text.";
  private static final String KEYWORD_PREFIX = "keyword.";
  private static final Set<String> NAMED = Set.of(ID, TITLE, TEXT);

  /** What an application's own documents must not have. */
  private static final Set<String> OURS =
      Set.of(
          CATCH_ALL, EXACT, VECTOR, PASSAGE_START, PASSAGE_END, PASSAGES, BLOCK, EMBEDDED, CONTENT);

  private static final QueryBitSetProducer PARENTS =
      new QueryBitSetProducer(new FieldExistsQuery(PASSAGES));

  private static final FieldType HIGHLIGHTED = highlighted();
  private static final FieldType WITHOUT_POSITIONS = withoutPositions();

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

  /** Matches the document of an id, whatever field an application keeps the id in. */
  public static Query withId(String id) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(block(id)), Occur.FILTER)
        .add(PARENTS.getQuery(), Occur.FILTER)
        .build();
  }

  /** The term that all Lucene documents of one source document share. */
  static Term block(String id) {
    return new Term(BLOCK, id);
  }

  /**
   * Makes a document's block.
   *
   * @param embedded hash of what the vectors were made of
   * @throws IllegalArgumentException if the id or a keyword is too long for a Lucene term, or a
   *     field has a name that belongs to the block
   */
  static List<Document> block(
      IncomingDocument source, BytesRef embedded, List<PassageVector> passages) {
    String id = requireTerm("id", source.id());
    List<Document> block = new ArrayList<>(passages.size() + 1);
    for (PassageVector passage : passages) {
      Document child = new Document();
      child.add(new StringField(BLOCK, id, Field.Store.NO));
      passageFields(passage).forEach(child::add);
      block.add(child);
    }
    Document parent = source.fields().get();
    parent.add(new StringField(BLOCK, id, Field.Store.NO));
    parent.add(parentField(passages.size()));
    parent.add(new BinaryDocValuesField(EMBEDDED, embedded));
    if (source.contentHash() != null) {
      parent.add(new BinaryDocValuesField(CONTENT, source.contentHash()));
    }
    block.add(parent);
    return block;
  }

  /** What a child has, for hosts that make their blocks themselves. */
  public static List<Field> passageFields(PassageVector passage) {
    return List.of(
        new KnnFloatVectorField(VECTOR, passage.vector(), VectorSimilarityFunction.COSINE),
        new NumericDocValuesField(PASSAGE_START, passage.start()),
        new NumericDocValuesField(PASSAGE_END, passage.end()));
  }

  /** What makes a document the parent of the passages before it, for such hosts. */
  public static Field parentField(int passages) {
    return new NumericDocValuesField(PASSAGES, passages);
  }

  /** An application's own fields as they are, and the catch-all field. */
  static Document parent(Document own, String title, String text) {
    Document parent = new Document();
    for (IndexableField field : own) {
      if (OURS.contains(field.name())) {
        throw new IllegalArgumentException(
            "the field name \"" + field.name() + "\" belongs to the index; rename the field");
      }
      parent.add(field);
    }
    addWords(parent, title);
    addWords(parent, text);
    return parent;
  }

  static Document parent(SourceDocument source) {
    Document parent = new Document();
    parent.add(new StringField(ID, source.id(), Field.Store.YES));
    parent.add(new SortedDocValuesField(ID, new BytesRef(source.id())));
    parent.add(new Field(TITLE, source.title(), HIGHLIGHTED));
    parent.add(new Field(TEXT, source.text(), HIGHLIGHTED));
    addWords(parent, source.title());
    addWords(parent, source.text());
    for (Map.Entry<String, List<String>> keyword : source.keywords().entrySet()) {
      String field = keywordField(keyword.getKey());
      for (String value : keyword.getValue()) {
        parent.add(new KeywordField(field, requireTerm(field, value), Field.Store.YES));
        parent.add(new TextField(analyzedField(field), value, Field.Store.NO));
        addWords(parent, value);
      }
    }
    return parent;
  }

  static Document parent(EmbeddedDocument source) {
    Document parent = new Document();
    parent.add(new StringField(ID, source.id(), Field.Store.YES));
    parent.add(new SortedDocValuesField(ID, new BytesRef(source.id())));
    if (source.text() != null) {
      parent.add(new Field(TEXT, source.text(), HIGHLIGHTED));
      addWords(parent, source.text());
    }
    MetadataFields.addTo(parent, source.metadata());
    return parent;
  }

  private static void addWords(Document parent, String text) {
    parent.add(new TextField(CATCH_ALL, text, Field.Store.NO));
    parent.add(new ExactField(text));
  }

  /** Analysed alike in every index, also by the writer of an application. */
  private static final class ExactField extends Field {
    ExactField(String text) {
      super(EXACT, text, WITHOUT_POSITIONS);
    }

    @Override
    public TokenStream tokenStream(Analyzer ofWriter, @Nullable TokenStream reused) {
      return EXACT_ANALYZER.tokenStream(EXACT, stringValue());
    }
  }

  /** Refuses what Lucene cannot match exactly. */
  static String requireTerm(String field, String value) {
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

  private static FieldType withoutPositions() {
    FieldType type = new FieldType(TextField.TYPE_NOT_STORED);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.freeze();
    return type;
  }

  private static FieldType highlighted() {
    FieldType type = new FieldType(TextField.TYPE_STORED);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
    type.freeze();
    return type;
  }
}
