package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sentence of each hit's passage that is closest in meaning to the question. For one
 * search.
 *
 * <p>Sentences are embedded when they are to be shown, without the title, which would make them
 * alike.
 */
final class SentenceHighlighter {
  /** The most sentences looked at in a passage; a model's window seldom has so many. */
  static final int MOST_SENTENCES = 64;

  /** Hits highlighted between two looks at the clock. */
  static final int AT_ONCE = 10;

  /** The part of the best passage's similarity from which its neighbour belongs to it. */
  private static final float ABOUT_AS_CLOSE = 0.9f;

  private final IndexSearcher searcher;
  private final Analyzer analyzer;
  private final SentenceVectors vectors;
  private final float[] question;
  private final float cosineFloor;
  private final Set<BytesRef> terms = new HashSet<>();

  private SentenceHighlighter(
      IndexSearcher searcher,
      Analyzer analyzer,
      SentenceVectors vectors,
      Query words,
      float[] question) {
    this.searcher = searcher;
    this.analyzer = analyzer;
    this.vectors = vectors;
    this.question = question;
    this.cosineFloor = vectors.model().cosineFloor();
    words.visit(
        new QueryVisitor() {
          @Override
          public boolean acceptField(String field) {
            return field.equals(IndexSchema.TEXT);
          }

          @Override
          public void consumeTerms(Query query, Term... all) {
            Arrays.stream(all).map(Term::bytes).forEach(terms::add);
          }
        });
  }

  /**
   * Prepares for the hits of one answer.
   *
   * @return null where the request does not ask for it or time was up before it was embedded
   */
  static @Nullable SentenceHighlighter of(
      SearchRequest request,
      IndexSearcher searcher,
      Analyzer analyzer,
      @Nullable SentenceVectors vectors,
      Answer answer) {
    return !request.highlight() || vectors == null || answer.question() == null
        ? null
        : new SentenceHighlighter(
            searcher, analyzer, vectors, answer.highlighted(), answer.question().vector());
  }

  /**
   * Highlights hits.
   *
   * @param passages of them; null for a hit without one
   * @param texts of them, whole
   * @return a highlight for each of the first ones, as many as there was time for; null where there
   *     is no passage, or no words in it
   */
  List<@Nullable Highlight> highlight(
      List<Ranking.Ranked> hits, List<Hit.@Nullable PassageText> passages, List<String> texts)
      throws IOException {
    List<@Nullable Highlight> highlights = new ArrayList<>(hits.size());
    while (highlights.size() < hits.size() && !Deadline.isOver(searcher)) {
      int from = highlights.size();
      int to = Math.min(from + AT_ONCE, hits.size());
      List<Place> places = new ArrayList<>(to - from);
      for (int i = from; i < to; i++) {
        Hit.PassageText passage = passages.get(i);
        places.add(
            new Place(
                hits.get(i),
                passage,
                texts.get(i),
                passage == null ? List.of() : sentences(passage)));
      }
      highlights.addAll(highlights(places));
    }
    return highlights;
  }

  /** What is known of a hit before anything is embedded. */
  private record Place(
      Ranking.Ranked hit,
      Hit.@Nullable PassageText passage,
      String text,
      List<Hit.PassageText> sentences) {
    /** Whether the text has other passages. */
    private boolean isPart() {
      return passage != null && !sentences.isEmpty() && passage.text().length() < text.length();
    }
  }

  private List<@Nullable Highlight> highlights(List<Place> places) throws IOException {
    Iterator<float[]> embedded =
        vectors
            .of(
                places.stream()
                    .flatMap(place -> place.sentences().stream().map(Hit.PassageText::text))
                    .toList())
            .iterator();
    Map<Integer, NavigableMap<Integer, Float>> cosines = passageCosines(places);
    List<@Nullable Highlight> highlights = new ArrayList<>(places.size());
    for (Place place : places) {
      ClosestSentence.Found closest = ClosestSentence.among(place.sentences(), embedded, question);
      Hit.PassageText passage = place.passage();
      if (closest == null || passage == null) {
        highlights.add(null);
        continue;
      }
      NavigableMap<Integer, Float> ofText = cosines.get(place.hit().doc());
      Hit.PassageText around =
          ofText == null ? passage : around(place.hit().passage(), ofText, place.text());
      Hit.PassageText sentence = closest.sentence();
      highlights.add(new Highlight(sentence, closest.cosine(), words(sentence), around));
    }
    return highlights;
  }

  /** The sentences of a passage, without the white space around them. */
  static List<Hit.PassageText> sentences(Hit.PassageText passage) {
    BreakIterator borders = BreakIterator.getSentenceInstance(Locale.ROOT);
    borders.setText(passage.text());
    List<Hit.PassageText> sentences = new ArrayList<>();
    int start = borders.first();
    for (int end = borders.next();
        end != BreakIterator.DONE && sentences.size() < MOST_SENTENCES;
        end = borders.next()) {
      String sentence = passage.text().substring(start, end);
      if (sentence.codePoints().anyMatch(Character::isLetterOrDigit)) {
        int from = start + sentence.length() - sentence.stripLeading().length();
        String words = sentence.strip();
        int offset = passage.start() + from;
        sentences.add(new Hit.PassageText(words, offset, offset + words.length()));
      }
      start = end;
    }
    return sentences;
  }

  private List<Snippet.Span> words(Hit.PassageText sentence) throws IOException {
    List<Snippet.Span> words = new ArrayList<>();
    try (TokenStream tokens = analyzer.tokenStream(IndexSchema.TEXT, sentence.text())) {
      TermToBytesRefAttribute term = tokens.addAttribute(TermToBytesRefAttribute.class);
      OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
      tokens.reset();
      int done = 0;
      while (tokens.incrementToken()) {
        // Analyzers may give overlapping terms.
        if (offset.startOffset() >= done && terms.contains(term.getBytesRef())) {
          done = offset.endOffset();
          words.add(
              new Snippet.Span(
                  sentence.start() + offset.startOffset(), sentence.start() + offset.endOffset()));
        }
      }
      tokens.end();
    }
    return words;
  }

  /** By document, of those whose passage is not all of the text, its passages in text order. */
  private Map<Integer, NavigableMap<Integer, Float>> passageCosines(List<Place> places)
      throws IOException {
    int[] docs =
        places.stream()
            .filter(Place::isPart)
            .mapToInt(place -> place.hit().doc())
            .sorted()
            .toArray();
    Map<Integer, NavigableMap<Integer, Float>> cosines = new HashMap<>();
    PassageVectors.visit(
        searcher,
        docs,
        (at, passage, vector) ->
            cosines
                .computeIfAbsent(docs[at], doc -> new TreeMap<>())
                .put(passage, ClosestPassage.cosine(question, vector)));
    return cosines;
  }

  /** A passage with its neighbours on both sides, as far as they are about as close. */
  private Hit.PassageText around(int passage, NavigableMap<Integer, Float> cosines, String text)
      throws IOException {
    float least =
        Math.max(Float.MIN_VALUE, ABOUT_AS_CLOSE * similarity(cosines.getOrDefault(passage, -1f)));
    int first = lastAsClose(passage, cosines.headMap(passage, false).descendingMap(), least);
    int last = lastAsClose(passage, cosines.tailMap(passage, false), least);
    int start = HitReader.passage(searcher, first, text).start();
    int end = Math.min(HitReader.passage(searcher, last, text).end(), text.length());
    return new Hit.PassageText(text.substring(start, end), start, end);
  }

  private int lastAsClose(int passage, SortedMap<Integer, Float> away, float least) {
    int last = passage;
    for (Map.Entry<Integer, Float> neighbour : away.entrySet()) {
      if (similarity(neighbour.getValue()) < least) {
        break;
      }
      last = neighbour.getKey();
    }
    return last;
  }

  /** Measured as fusion does, from where the model's similarity begins. */
  private float similarity(float cosine) {
    return Math.max(0, (cosine - cosineFloor) / (1 - cosineFloor));
  }
}
