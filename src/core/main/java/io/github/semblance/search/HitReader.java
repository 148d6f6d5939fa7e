package io.github.semblance.search;

import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.Outline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/** Reads what is shown of found documents. For one search. */
final class HitReader {
  /** Hits read between two looks at the clock. */
  private static final int AT_ONCE = 100;

  private final IndexSearcher searcher;
  private final DocumentFields fields;

  private final SnippetMaker snippets;
  private final @Nullable SentenceHighlighter sentences;
  private final boolean explain;

  /**
   * Prepares for one search.
   *
   * @param sentences null for no highlights
   */
  HitReader(
      IndexSearcher searcher,
      DocumentFields fields,
      SnippetMaker snippets,
      @Nullable SentenceHighlighter sentences,
      boolean explain) {
    this.searcher = searcher;
    this.fields = fields;
    this.snippets = snippets;
    this.sentences = sentences;
    this.explain = explain;
  }

  /**
   * Reads the hits of a page, and not all when the searcher's time is up, but always the best
   * hundred.
   */
  List<Hit> read(Ranking ranking, Page page) throws IOException {
    List<Ranking.Ranked> best = ranking.on(page);
    List<Hit> hits = new ArrayList<>(best.size());
    for (int at = 0; at == 0 || !Deadline.isOver(searcher); at += AT_ONCE) {
      if (at >= best.size()) {
        break;
      }
      List<Ranking.Ranked> some = best.subList(at, Math.min(at + AT_ONCE, best.size()));
      read(some, page.from() + at, ranking.scored(), hits);
    }
    return hits;
  }

  private void read(List<Ranking.Ranked> some, int before, Query scored, List<Hit> hits)
      throws IOException {
    int[] docs = some.stream().mapToInt(Ranking.Ranked::doc).toArray();
    StoredFields stored = searcher.storedFields();
    List<IndexedDocument> documents = new ArrayList<>(docs.length);
    List<String> texts = new ArrayList<>(docs.length);
    List<Outline> outlines = new ArrayList<>(docs.length);
    List<Hit.@Nullable PassageText> passages = new ArrayList<>(docs.length);
    for (Ranking.Ranked found : some) {
      IndexedDocument document = IndexedDocument.of(fields, stored.document(found.doc()));
      String text = document.text();
      Outline outline = outline(searcher, found.doc());
      documents.add(document);
      texts.add(text);
      outlines.add(outline);
      passages.add(found.passage() < 0 ? null : passage(searcher, found.passage(), text, outline));
    }
    boolean sameText = fields.text().equals(List.of(IndexSchema.TEXT));
    List<@Nullable Snippet> matches = snippets.highlight(docs, sameText ? texts : List.of());
    List<@Nullable Highlight> highlights =
        sentences == null ? List.of() : sentences.highlight(some, passages, texts);
    for (int i = 0; i < docs.length; i++) {
      Ranking.Ranked found = some.get(i);
      IndexedDocument document = documents.get(i);
      String text = texts.get(i);
      Outline outline = outlines.get(i);
      Hit.PassageText passage = passages.get(i);
      Snippet snippet = matches.get(i);
      if (snippet == null) {
        snippet =
            SnippetMaker.beginning(
                text, passage == null ? 0 : Math.min(passage.start(), text.length()), outline);
      }
      hits.add(
          new Hit(
              before + i + 1,
              found.score(),
              document.id(),
              found.lexical(),
              found.semantic(),
              found.reranker(),
              found.group(),
              document.title(),
              text,
              document.fields(),
              passage,
              snippet,
              i < highlights.size() ? highlights.get(i) : null,
              explain ? explanation(scored, found) : null));
    }
  }

  /** Null without the time for it: part of a search explains nothing. */
  private @Nullable Explanation explanation(Query scored, Ranking.Ranked found) throws IOException {
    if (Deadline.isOver(searcher)) {
      return null;
    }
    Explanation searched = searcher.explain(scored, found.doc());
    if (Deadline.isOver(searcher)) {
      return null;
    }
    return found.reranked()
        ? RerankStep.explain(searched, found.score(), found.reranker())
        : searched;
  }

  /** How the text of a document is divided. */
  static Outline outline(IndexSearcher searcher, int doc) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    return Outline.read(leaf.reader(), doc - leaf.docBase);
  }

  /** As below, without its place. */
  static Hit.PassageText passage(IndexSearcher searcher, int doc, String text) throws IOException {
    return passage(searcher, doc, text, Outline.NONE);
  }

  /** A passage by the number of its Lucene document. */
  static Hit.PassageText passage(IndexSearcher searcher, int doc, String text, Outline outline)
      throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    int start = offset(leaf, doc, IndexSchema.PASSAGE_START);
    int end = offset(leaf, doc, IndexSchema.PASSAGE_END);
    // An application need not store what it embeds.
    return new Hit.PassageText(
        end <= text.length() ? text.substring(start, end) : "",
        start,
        end,
        Place.of(outline, start));
  }

  private static int offset(LeafReaderContext leaf, int doc, String field) throws IOException {
    NumericDocValues offsets = leaf.reader().getNumericDocValues(field);
    if (offsets == null || !offsets.advanceExact(doc - leaf.docBase)) {
      throw new IllegalStateException("passage " + doc + " has no \"" + field + "\"");
    }
    return Math.toIntExact(offsets.longValue());
  }
}
