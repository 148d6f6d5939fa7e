package io.github.semblance.index;

import io.github.semblance.analysis.NamedAnalyzer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
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
import org.apache.lucene.search.MatchAllDocsQuery;
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
  static final int VERSION = 3;

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
  public static final Analyzer EXACT_ANALYZER = NamedAnalyzer.STANDARD.create();

  /** Child: the passage's vector; cosine. */
  public static final String VECTOR = "_vector";

  /** Child: offset of the passage's first {@code char} in the parent's text; doc values. */
  public static final String PASSAGE_START = "_start";

  /** Child: offset after the passage's last {@code char} in the parent's text; doc values. */
  public static final String PASSAGE_END = "_end";

  /** Parent: how many children stand before it; doc values, and the mark of a parent. */
  public static final String PASSAGES = "_passages";

  /**
   * Parent and children: a number that only those of one block share; doc values. It is how a
   * passage knows its parent wherever merges move it, see {@link SegmentBlocks}.
   */
  static final String OWNER = "_owner";

  /** Parent and children: the document's id again, so that one term deletes the whole block. */
  static final String BLOCK = "_block";

  /**
   * Parent: hash of what was embedded and of the model; doc values. Equal hashes mean equal
   * vectors.
   */
  static final String EMBEDDED = "_embedded";

  /** Parent: hash of the whole document where that is known; doc values. */
  static final String CONTENT = "_content";

  /** Parent: how its text is divided, if it is, see {@link Outline}; doc values. */
  static final String OUTLINE = "_outline";

  /**
   * How many keyword fields an index may have. The time of Lucene's merges grows with the square of
   * the number of fields, and each field takes memory in each segment: with tens of thousands an
   * index never gets done.
   */
  public static final int MAX_KEYWORD_FIELDS = 1_000;

  /** What the fields of a {@link SourceDocument} are called. */
  static final DocumentFields FIELDS = DocumentFields.of(ID, TEXT).withTitle(TITLE);

  private static final String ANALYZED_PREFIX = "_text.";
  private static final String NUMBER_PREFIX = "_number.";
  private static final String DATE_PREFIX = "_date.";
  private static final String EXACT_PREFIX = EXACT + ".";
  private static final String KEYWORD_PREFIX = "keyword.";
  private static final Set<String> NAMED = Set.of(ID, TITLE, TEXT);

  /** What an application's own documents must not have. */
  private static final Set<String> OURS =
      Set.of(
          CATCH_ALL,
          EXACT,
          VECTOR,
          PASSAGE_START,
          PASSAGE_END,
          PASSAGES,
          OWNER,
          BLOCK,
          EMBEDDED,
          CONTENT,
          OUTLINE);

  private static final QueryBitSetProducer PARENTS =
      new QueryBitSetProducer(new FieldExistsQuery(PASSAGES));

  private static final FieldType HIGHLIGHTED = highlighted();
  private static final FieldType WITHOUT_POSITIONS = wordsOnly(IndexOptions.DOCS_AND_FREQS, false);
  private static final FieldType WITHOUT_FREQUENCIES = wordsOnly(IndexOptions.DOCS, true);

  private IndexSchema() {}

  /** Tells parents from children; one instance, because it caches a bit set per segment. */
  public static QueryBitSetProducer parents() {
    return PARENTS;
  }

  /** Matches passages and nothing else: what a search for documents must leave out. */
  public static Query passagesOnly() {
    return new FieldExistsQuery(PASSAGE_START);
  }

  /** Matches documents that only an application has added: neither passages nor their parents. */
  static Query withoutBlock() {
    return new BooleanQuery.Builder()
        .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
        .add(PARENTS.getQuery(), Occur.MUST_NOT)
        .add(passagesOnly(), Occur.MUST_NOT)
        .build();
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

  /**
   * Where the words of the catch-all field, the title or the text are indexed as they were written,
   * as in {@link #EXACT}: what patterns are matched with, which know nothing of stems.
   */
  public static String exactField(String analyzed) {
    return analyzed.equals(CATCH_ALL) ? EXACT : EXACT_PREFIX + analyzed;
  }

  /**
   * Where those values of a keyword field are indexed as doubles that are numbers, see {@link
   * NumberValue}: as points and doc values, for ranges.
   */
  public static String numberField(String keywordField) {
    return NUMBER_PREFIX + keywordField;
  }

  /**
   * Where those values of a keyword field are indexed that are dates, see {@link DateValue}, by the
   * milliseconds of their starts: as points and doc values, for ranges.
   */
  public static String dateField(String keywordField) {
    return DATE_PREFIX + keywordField;
  }

  /**
   * Whether a field is one of words that {@code SemanticIndexWriter} writes with documents and
   * never with their passages.
   */
  public static boolean hasWordsOfDocuments(String field) {
    return field.equals(CATCH_ALL)
        || field.equals(EXACT)
        || field.equals(TITLE)
        || field.equals(TEXT)
        || field.startsWith(EXACT_PREFIX)
        || isAnalyzedField(field);
  }

  /** Whether an index field belongs to the blocks, whoever made the document. */
  static boolean isOurs(String field) {
    return OURS.contains(field);
  }

  /** Whether an index field is the {@link #analyzedField} of a keyword field. */
  static boolean isAnalyzedField(String field) {
    return field.startsWith(ANALYZED_PREFIX);
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
    long owner = owner(id, embedded);
    List<Document> block = new ArrayList<>(passages.size() + 1);
    for (PassageVector passage : passages) {
      Document child = new Document();
      child.add(new StringField(BLOCK, id, Field.Store.NO));
      child.add(new NumericDocValuesField(OWNER, owner));
      passageFields(passage).forEach(child::add);
      block.add(child);
    }
    Document parent = source.fields().get();
    parent.add(new StringField(BLOCK, id, Field.Store.NO));
    parent.add(new NumericDocValuesField(OWNER, owner));
    parent.add(parentField(passages.size()));
    parent.add(new BinaryDocValuesField(EMBEDDED, embedded));
    if (source.contentHash() != null) {
      parent.add(new BinaryDocValuesField(CONTENT, source.contentHash()));
    }
    block.add(parent);
    return block;
  }

  /** Of what is embedded under which id, so that the same documents make the same index. */
  private static long owner(String id, BytesRef embedded) {
    BytesRef hash = new ContentHash().add(id).add(embedded.toString()).toBytes();
    long owner = ByteBuffer.wrap(hash.bytes, hash.offset, Long.BYTES).getLong();
    return owner == 0 ? 1 : owner; // 0 says that there is none
  }

  /**
   * What a child has, for hosts that make their blocks themselves.
   *
   * @throws IllegalArgumentException if the vector has no direction: it is all zeros, or has values
   *     that are no numbers
   */
  public static List<Field> passageFields(PassageVector passage) {
    requireDirection("the vector of a passage", passage.vector());
    return List.of(
        new KnnFloatVectorField(VECTOR, passage.vector(), VectorSimilarityFunction.COSINE),
        new NumericDocValuesField(PASSAGE_START, passage.start()),
        new NumericDocValuesField(PASSAGE_END, passage.end()));
  }

  /**
   * Refuses what cannot be compared by the cosine.
   *
   * @param what begins the message
   * @throws IllegalArgumentException if a value is not finite, or all are 0
   */
  public static void requireDirection(String what, float[] vector) {
    boolean zero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            what + " must have finite values, got: " + vector[i] + " at " + i);
      }
      zero &= vector[i] == 0;
    }
    if (zero) {
      throw new IllegalArgumentException(
          what + " must have a direction, got: " + vector.length + " zeros");
    }
  }

  /** What makes a document the parent of the passages before it, for such hosts. */
  public static Field parentField(int passages) {
    return new NumericDocValuesField(PASSAGES, passages);
  }

  /** An application's own fields as they are, and the catch-all field. */
  static Document parent(Document own, String title, String text) {
    Document parent = new Document();
    for (IndexableField field : own) {
      if (isOurs(field.name())) {
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
    parent.add(new ExactField(exactField(TITLE), source.title(), WITHOUT_FREQUENCIES));
    parent.add(new ExactField(exactField(TEXT), source.text(), WITHOUT_FREQUENCIES));
    addWords(parent, source.title());
    addWords(parent, source.text());
    if (!source.outline().isEmpty()) {
      parent.add(new BinaryDocValuesField(OUTLINE, source.outline().toBytes()));
    }
    for (Map.Entry<String, List<String>> keyword : source.keywords().entrySet()) {
      String field = keywordField(keyword.getKey());
      for (String value : keyword.getValue()) {
        parent.add(new KeywordField(field, requireTerm(field, value), Field.Store.YES));
        parent.add(new TextField(analyzedField(field), value, Field.Store.NO));
        addComparable(parent, field, value);
        addWords(parent, value);
      }
    }
    return parent;
  }

  private static void addComparable(Document parent, String field, String value) {
    OptionalDouble number = NumberValue.parse(value);
    if (number.isPresent()) {
      parent.add(new DoubleField(numberField(field), number.getAsDouble(), Field.Store.NO));
      return;
    }
    DateValue.parse(value)
        .ifPresent(
            date -> parent.add(new LongField(dateField(field), date.start(), Field.Store.NO)));
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
    parent.add(new ExactField(EXACT, text, WITHOUT_POSITIONS));
  }

  /** Analysed alike in every index, also by the writer of an application. */
  private static final class ExactField extends Field {
    ExactField(String name, String text, FieldType type) {
      super(name, text, type);
    }

    @Override
    public TokenStream tokenStream(Analyzer ofWriter, @Nullable TokenStream reused) {
      return EXACT_ANALYZER.tokenStream(name(), stringValue());
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

  private static FieldType wordsOnly(IndexOptions options, boolean omitNorms) {
    FieldType type = new FieldType(TextField.TYPE_NOT_STORED);
    type.setIndexOptions(options);
    type.setOmitNorms(omitNorms);
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
