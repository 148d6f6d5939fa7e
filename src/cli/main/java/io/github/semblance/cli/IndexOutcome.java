package io.github.semblance.cli;

import io.github.semblance.corpus.UnreadFiles;
import io.github.semblance.index.IndexStatistics;
import io.github.semblance.index.Tuning;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was indexed and what it took.
 *
 * @param update whether documents were added to an index that was there
 * @param deleted documents that the input no longer has
 * @param skipped records that were left out
 * @param unread what the folders of the input hold besides
 * @param bytes the size of the index
 * @param tuning how much meaning weighs in it; null if that was not measured
 * @param foreign how close it comes to foreign questions; null if that was not measured
 */
record IndexOutcome(
    IndexStatistics statistics,
    boolean update,
    long deleted,
    long skipped,
    UnreadFiles unread,
    double seconds,
    long bytes,
    @Nullable Tuning tuning,
    @Nullable ForeignCosine foreign) {

  ObjectNode toJson() {
    ObjectNode json = figures();
    ObjectNode kinds = json.putObject("unread_extensions");
    unread.byExtension().forEach(kinds::put);
    if (tuning == null) {
      json.putNull("tuning");
    } else {
      json.set("tuning", TuningText.json(tuning));
    }
    json.put("foreign_cosine", foreign == null ? null : Float.valueOf(foreign.median()));
    return json;
  }

  private ObjectNode figures() {
    return JsonMapper.shared()
        .createObjectNode()
        .put("documents", read())
        .put("passages", statistics.passages())
        .put("tokens", statistics.tokens())
        .put("embedded", statistics.embedded())
        .put("reused", statistics.reused())
        .put("added", statistics.added())
        .put("updated", statistics.updated())
        .put("unchanged", statistics.unchanged())
        .put("deleted", deleted)
        .put("duplicates", statistics.duplicates())
        .put("truncated", statistics.truncated())
        .put("shortened_titles", statistics.shortenedTitles())
        .put("dropped_tokens", statistics.droppedTokens())
        .put("skipped", skipped)
        .put("unread_files", unread.total())
        .put("seconds", Math.round(seconds * 1000) / 1000.0)
        .put("tokens_per_second", Math.round(tokensPerSecond()))
        .put("bytes", bytes);
  }

  String toText(Path folder) {
    StringBuilder text = new StringBuilder();
    String place = Printable.line(folder.toString());
    text.append(
        update
            ? String.format(
                Locale.ROOT,
                "Updated %s in %.1f s: %s added, %,d updated, %,d unchanged, %,d deleted; it holds"
                    + " %.1f MB.",
                place,
                seconds,
                Amount.of(statistics.added(), "document"),
                statistics.updated(),
                statistics.unchanged(),
                deleted,
                bytes / 1e6)
            : String.format(
                Locale.ROOT,
                "Indexed %s in %.1f s; %s holds %.1f MB.",
                Amount.of(read(), "document"),
                seconds,
                place,
                bytes / 1e6));
    text.append(System.lineSeparator()).append(Amount.of(statistics.passages(), "passage"));
    if (statistics.tokens() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              ", %s, %,.0f word pieces/s",
              Amount.of(statistics.tokens(), "word piece"),
              tokensPerSecond()));
    }
    text.append('.');
    append(text, "Passages whose vectors were there already: %,d.", statistics.reused());
    append(
        text, "Duplicate ids: %,d; the last document of an id is kept.", statistics.duplicates());
    append(
        text,
        "Truncated documents: %,d; embedding reads the first window of each, keyword search all.",
        statistics.truncated());
    append(
        text,
        "Long titles: %,d; embedding reads the first half window of each, keyword search all.",
        statistics.shortenedTitles());
    append(
        text,
        "Word pieces that no passage could hold: %,d; keyword search finds them.",
        statistics.droppedTokens());
    if (tuning != null) {
      text.append(System.lineSeparator()).append(TuningText.line(tuning));
    }
    if (foreign != null) {
      text.append(System.lineSeparator()).append(foreign.line());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String format, long count) {
    if (count > 0) {
      text.append(System.lineSeparator()).append(String.format(Locale.ROOT, format, count));
    }
  }

  private double tokensPerSecond() {
    return statistics.tokens() / Math.max(seconds, 1e-9);
  }

  /** Documents of the input that were indexed, those included that a later one replaced. */
  private long read() {
    return statistics.documents() + statistics.duplicates();
  }
}
