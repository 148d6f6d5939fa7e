package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.Outline;
import java.io.IOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.uhighlight.FieldHighlighter;
import org.apache.lucene.search.uhighlight.FieldOffsetStrategy;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.Passage;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.PassageScorer;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to show of a text: the sentences where query terms gather, or else the beginning of
 * the passage that is closest in meaning. Where the text has an {@link Outline}, that is prose of
 * one section if there is any: terms in a heading, in code or in a table choose the section. For
 * one search.
 */
final class SnippetMaker {
  private static final int GOAL_CHARS = 200;
  private static final int MAX_CHARS = 320;
  private static final String CUT = "…";

  /** The fields that have the text's words. */
  private static final Set<String> OF_TEXT =
      Set.of(
          IndexSchema.TEXT,
          IndexSchema.CATCH_ALL,
          IndexSchema.exactField(IndexSchema.TEXT),
          IndexSchema.exactField(IndexSchema.CATCH_ALL));

  private final StructuredHighlighter highlighter;
  private final Query terms;

  /**
   * Prepares for one query.
   *
   * @param terms the query's terms in the fields {@link IndexSchema#TEXT} and {@link
   *     IndexSchema#CATCH_ALL}, which has the text's terms too
   */
  SnippetMaker(IndexSearcher searcher, Analyzer analyzer, Query terms) {
    this.highlighter = new StructuredHighlighter(searcher, analyzer);
    this.terms = terms;
  }

  /**
   * The snippets of documents, in the order given; null where no term stands in the text.
   *
   * @param texts the field {@link IndexSchema#TEXT} of each; none to have it read here
   */
  List<@Nullable Snippet> highlight(int[] docs, List<String> texts) throws IOException {
    List<@Nullable Snippet> snippets = new ArrayList<>(docs.length);
    if (docs.length > 0) {
      for (Object snippet : highlighter.highlight(terms, docs, texts)) {
        snippets.add((Snippet) snippet);
      }
    }
    return snippets;
  }

  /** The beginning of a text from an offset on, of one section if there are any. */
  static Snippet beginning(String text, int from, Outline outline) {
    if (outline.isEmpty()) {
      return cut(text, from, text.length(), List.of());
    }
    int number = outline.sectionAt(from);
    List<Outline.Section> sections = outline.sections();
    int end = number + 1 < sections.size() ? sections.get(number + 1).start() : text.length();
    int start = number < 0 ? from : Math.max(from, sections.get(number).body());
    String prose =
        prose(text, Math.min(start, text.length()), Math.min(end, text.length()), outline);
    Snippet words =
        prose.isBlank()
            ? cut(text, Math.min(start, text.length()), Math.min(end, text.length()), List.of())
            : cut(prose, 0, prose.length(), List.of());
    return new Snippet(words.text(), words.highlights(), Place.of(outline, from));
  }

  /** What is between the asides, as much of it as a snippet can take and a little more. */
  private static String prose(String text, int start, int end, Outline outline) {
    StringBuilder prose = new StringBuilder();
    int from = start;
    for (Outline.Aside aside : outline.asides()) {
      if (aside.start() >= end || prose.length() > MAX_CHARS) {
        break;
      }
      if (aside.end() > from) {
        append(prose, text.substring(from, Math.max(from, aside.start())));
        from = Math.min(aside.end(), end);
      }
    }
    append(prose, text.substring(from, Math.min(end, from + 2 * MAX_CHARS)));
    return prose.toString();
  }

  private static void append(StringBuilder prose, String run) {
    String words = run.strip();
    prose.append(words.isEmpty() || prose.isEmpty() ? "" : " " + CUT + " ").append(words);
  }

  private static Snippet of(Passage passage, String content, Outline outline) {
    int at = passage.getMatchStarts()[0];
    if (!OutlineHighlighter.isProse(outline, at)) {
      int number = outline.sectionAt(at);
      return beginning(content, number < 0 ? 0 : outline.sections().get(number).body(), outline);
    }
    List<Snippet.Span> matches = new ArrayList<>();
    int done = 0;
    for (int i = 0; i < passage.getNumMatches(); i++) {
      int start = passage.getMatchStarts()[i];
      int end = passage.getMatchEnds()[i];
      if (start >= done) { // analyzers may give overlapping terms
        matches.add(new Snippet.Span(start, end));
        done = end;
      }
    }
    Snippet words = cut(content, passage.getStartOffset(), passage.getEndOffset(), matches);
    return new Snippet(words.text(), words.highlights(), Place.of(outline, at));
  }

  private static Snippet cut(String text, int start, int end, List<Snippet.Span> matches) {
    int from = start;
    while (from < end && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    String before = "";
    if (!matches.isEmpty() && matches.get(0).end() - from > MAX_CHARS) {
      int first = matches.get(0).start();
      // A match that is longer than the snippet may begin right where the passage does.
      from = wordStart(text, Math.max(from, first - MAX_CHARS / 4), first);
      before = CUT;
    }
    int to = end;
    if (to - from > MAX_CHARS) {
      to = wordEnd(text, from + MAX_CHARS, from);
    }
    List<Snippet.Span> highlights = new ArrayList<>();
    for (Snippet.Span match : matches) {
      if (match.start() >= from && match.end() <= to) {
        int shift = before.length() - from;
        highlights.add(new Snippet.Span(match.start() + shift, match.end() + shift));
      }
    }
    String words = before + text.substring(from, to).stripTrailing();
    return new Snippet(to < end ? words + CUT : words, highlights);
  }

  /** The first word that starts at or after an offset, or a limit. */
  private static int wordStart(String text, int from, int limit) {
    for (int at = from; at < limit; at++) {
      if (Character.isWhitespace(text.charAt(at))) {
        return at + 1;
      }
    }
    return limit;
  }

  /**
   * The end of the last word that ends before an offset, or the offset if there is no such word.
   */
  private static int wordEnd(String text, int to, int least) {
    for (int at = to; at > least; at--) {
      if (Character.isWhitespace(text.charAt(at))) {
        return at;
      }
    }
    return Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
  }

  /** Lucene's highlighter, giving snippets where it gives marked-up strings. */
  private static final class StructuredHighlighter extends UnifiedHighlighter {
    private final Map<Integer, String> textsByDoc = new HashMap<>();

    StructuredHighlighter(IndexSearcher searcher, Analyzer analyzer) {
      super(
          builder(searcher, analyzer)
              .withMaxLength(Integer.MAX_VALUE - 1)
              .withMaxNoHighlightPassages(0)
              .withFieldMatcher(OF_TEXT::contains)
              .withBreakIterator(
                  () ->
                      LengthGoalBreakIterator.createClosestToLength(
                          new SentenceBreaks(), GOAL_CHARS, 0)));
    }

    @Override
    protected FieldHighlighter newFieldHighlighter(
        String field,
        FieldOffsetStrategy offsets,
        BreakIterator sentences,
        PassageScorer scorer,
        int maxPassages,
        int maxNoHighlightPassages,
        PassageFormatter formatter,
        Comparator<Passage> order) {
      return OutlineHighlighter.of(
          field, offsets, sentences, scorer, maxPassages, order, SnippetMaker::of);
    }

    /** The highlighter ends a text where a U+0000 stands, which is how it separates values. */
    @Override
    protected List<CharSequence[]> loadFieldValues(
        String[] fields, DocIdSetIterator docs, int cacheChars) throws IOException {
      List<CharSequence[]> values =
          textsByDoc.isEmpty() ? super.loadFieldValues(fields, docs, cacheChars) : given(docs);
      for (CharSequence[] ofDocument : values) {
        for (int i = 0; i < ofDocument.length; i++) {
          if (ofDocument[i] != null) {
            ofDocument[i] = ofDocument[i].toString().replace(MULTIVAL_SEP_CHAR, ' ');
          }
        }
      }
      return values;
    }

    private List<CharSequence[]> given(DocIdSetIterator docs) throws IOException {
      List<CharSequence[]> values = new ArrayList<>();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        values.add(new CharSequence[] {textsByDoc.get(doc)});
      }
      return values;
    }

    Object[] highlight(Query query, int[] docs, List<String> texts) throws IOException {
      textsByDoc.clear();
      for (int i = 0; i < texts.size(); i++) {
        textsByDoc.put(docs[i], texts.get(i));
      }
      Object[] snippets =
          highlightFieldsAsObjects(new String[] {IndexSchema.TEXT}, query, docs, new int[] {1})
              .get(IndexSchema.TEXT);
      return snippets == null ? new Object[docs.length] : snippets;
    }
  }
}
