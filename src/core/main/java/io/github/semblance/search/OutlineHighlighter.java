package io.github.semblance.search;

import io.github.semblance.index.Outline;
import java.io.IOException;
import java.text.BreakIterator;
import java.text.CharacterIterator;
import java.util.Comparator;
import java.util.TreeSet;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.uhighlight.FieldHighlighter;
import org.apache.lucene.search.uhighlight.FieldOffsetStrategy;
import org.apache.lucene.search.uhighlight.Passage;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.PassageScorer;

/**
 * Lucene's highlighter of one field, with passages that do not cross the borders of an outline, and
 * with prose before code and headings. For one search.
 */
final class OutlineHighlighter extends FieldHighlighter {
  /** Makes the best passage of an outline. */
  @FunctionalInterface
  interface Format {
    Snippet of(Passage passage, String content, Outline outline);
  }

  private final State state;

  /** The outline of the document at hand, which Lucene's callbacks do not get. */
  private static final class State {
    private Outline outline = Outline.NONE;
    private final TreeSet<Integer> borders = new TreeSet<>();

    void set(Outline next) {
      outline = next;
      borders.clear();
      next.sections()
          .forEach(
              section -> {
                borders.add(section.start());
                borders.add(section.body());
              });
      next.asides()
          .forEach(
              aside -> {
                borders.add(aside.start());
                borders.add(aside.end());
              });
    }
  }

  private OutlineHighlighter(
      String field,
      FieldOffsetStrategy offsets,
      BreakIterator breaks,
      PassageScorer scorer,
      int maxPassages,
      PassageFormatter formatter,
      Comparator<Passage> order,
      State state) {
    super(field, offsets, breaks, scorer, maxPassages, 0, formatter, order);
    this.state = state;
  }

  static OutlineHighlighter of(
      String field,
      FieldOffsetStrategy offsets,
      BreakIterator sentences,
      PassageScorer scorer,
      int maxPassages,
      Comparator<Passage> order,
      Format format) {
    State state = new State();
    return new OutlineHighlighter(
        field,
        offsets,
        new Borders(sentences, state),
        new ProseFirst(scorer, state),
        maxPassages,
        new PassageFormatter() {
          @Override
          public Object format(Passage[] passages, String content) {
            return format.of(passages[0], content, state.outline);
          }
        },
        order,
        state);
  }

  @Override
  public Object highlightFieldForDoc(LeafReader reader, int doc, String content)
      throws IOException {
    state.set(Outline.read(reader, doc));
    return super.highlightFieldForDoc(reader, doc, content);
  }

  /** What is no prose is shown only where nothing else has the words. */
  private static final class ProseFirst extends PassageScorer {
    private static final float BESIDE_PROSE = 1e-3f;

    private final PassageScorer scorer;
    private final State state;

    ProseFirst(PassageScorer scorer, State state) {
      this.scorer = scorer;
      this.state = state;
    }

    @Override
    public float norm(int start) {
      return scorer.norm(start);
    }

    @Override
    public float score(Passage passage, int length) {
      float score = scorer.score(passage, length);
      int at = passage.getMatchStarts()[0];
      return isProse(state.outline, at) ? score : score * BESIDE_PROSE;
    }
  }

  /** Whether an offset lies neither in a heading nor in an aside. */
  static boolean isProse(Outline outline, int at) {
    int number = outline.sectionAt(at);
    return !outline.isAside(at) && (number < 0 || at >= outline.sections().get(number).body());
  }

  /** Breaks where another iterator does, and at borders. Only what the highlighter calls works. */
  private static final class Borders extends BreakIterator {
    private final BreakIterator sentences;
    private final State state;

    Borders(BreakIterator sentences, State state) {
      this.sentences = sentences;
      this.state = state;
    }

    @Override
    public int preceding(int offset) {
      int sentence = sentences.preceding(offset);
      Integer border = state.borders.lower(offset);
      return border == null ? sentence : Math.max(border, sentence);
    }

    @Override
    public int following(int offset) {
      int sentence = sentences.following(offset);
      Integer border = state.borders.higher(offset);
      return border == null ? sentence : sentence == DONE ? border : Math.min(border, sentence);
    }

    @Override
    public void setText(CharacterIterator text) {
      sentences.setText(text);
    }

    @Override
    public void setText(String text) {
      sentences.setText(text);
    }

    @Override
    public CharacterIterator getText() {
      return sentences.getText();
    }

    @Override
    public int first() {
      return sentences.first();
    }

    @Override
    public int last() {
      return sentences.last();
    }

    @Override
    public int next(int n) {
      return sentences.next(n);
    }

    @Override
    public int next() {
      return sentences.next();
    }

    @Override
    public int previous() {
      return sentences.previous();
    }

    @Override
    public int current() {
      return sentences.current();
    }
  }
}
