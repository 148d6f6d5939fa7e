package io.github.semblance.evaluate;

import java.util.List;
import java.util.Random;

/** How a word is asked for. */
public enum Phrasing {
  /** The word and nothing else. */
  ALONE("%s"),

  /** Within a sentence whose other words say nothing of what is wanted. */
  SENTENCE(
      "articles written either by %s or by somebody else",
      "I am looking for information on %s, please show me all there is",
      "what do people usually say when they talk about %s?",
      "is there anything about %s that I should read before the others?",
      "where can I find out more on %s and what it is good for",
      "the name was %s or something like that, I think"),

  /**
   * Within a question of several sentences: the sum of idf over its words is beyond 120 in most
   * collections.
   */
  LONG(
      "Hello everybody! Last week a friend of mine told me over lunch that there must be something"
          + " written about %s somewhere, but neither of us could remember the title, who wrote it"
          + " or when it came out. I have spent most of the weekend going through old notes,"
          + " bookmarks and mails without any luck. Could you please point me to the right place,"
          + " so that I can finally read the whole story and tell him what it really says?",
      "Thank you very much for all the help so far, it is really great. One small thing still"
          + " bothers me and keeps me awake at night: during yesterday's long meeting my boss"
          + " suddenly mentioned %s, everyone around the table nodded, and I did not dare to ask."
          + " Now I am afraid they will expect me to present a short summary on Monday morning."
          + " Where should a complete beginner start reading, which pages can safely be skipped,"
          + " and how many hours does it usually take?",
      "Sorry if this is the wrong forum for such a question, and feel free to move or close it. My"
          + " younger sister is preparing a talk for her school, has already borrowed several heavy"
          + " books from the city library, and is slowly losing patience because none of them says"
          + " a single word about %s. She would be happy with a picture, a short explanation in"
          + " simple language, or just a link that she can open on her phone.");

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that nothing changes.
  private final List<String> templates;

  Phrasing(String... templates) {
    this.templates = List.of(templates);
  }

  /** A question for a word. */
  String ask(String word, Random random) {
    return templates.get(random.nextInt(templates.size())).replace("%s", word);
  }
}
