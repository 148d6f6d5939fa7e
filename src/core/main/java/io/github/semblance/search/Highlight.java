package io.github.semblance.search;

import java.util.List;

/**
 * The place of a text that is closest in meaning to a question. Immutable; offsets count {@code
 * char}s of the document's text.
 *
 * @param sentence the sentence of the hit's passage that is closest to the question
 * @param cosine of the question and that sentence, from -1 to 1
 * @param words where in that sentence words of the question stand, in text order and apart from
 *     each other
 * @param around the hit's passage and, as one span with it, its neighbours that are about as close
 *     to the question
 */
public record Highlight(
    Hit.PassageText sentence, float cosine, List<Snippet.Span> words, Hit.PassageText around) {

  /** Copies the words. */
  public Highlight {
    words = List.copyOf(words);
  }

  /** The sentence as a snippet, to be shown like one. */
  public Snippet snippet() {
    int start = sentence.start();
    return new Snippet(
        sentence.text(),
        words.stream()
            .map(word -> new Snippet.Span(word.start() - start, word.end() - start))
            .toList());
  }
}
