package io.github.semblance.corpus;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole text or Markdown file as one document. */
final class TextFileRecords implements RecordStream {

  private final Location location;
  private final String id;
  private final InputStream in;
  private boolean read;

  TextFileRecords(String source, String id, InputStream in) {
    this.location = new Location(source, 0);
    this.id = id;
    this.in = in;
  }

  @Override
  public @Nullable RawRecord next() {
    if (read) {
      return null;
    }
    read = true;
    byte[] bytes;
    try {
      bytes = in.readNBytes(StrictUtf8Reader.LONGEST_RECORD + 1);
    } catch (IOException e) {
      return RawRecord.rejected(location, "it cannot be read: " + TextFolder.reason(e));
    }
    if (bytes.length > StrictUtf8Reader.LONGEST_RECORD) {
      return RawRecord.rejected(
          location, "the file is longer than " + StrictUtf8Reader.LONGEST_RECORD + " bytes");
    }
    String text;
    try {
      text = StrictUtf8Reader.decode(bytes, bytes.length);
    } catch (CharacterCodingException e) {
      return RawRecord.rejected(location, e.getMessage() + " of the file");
    }
    if (text.isBlank()) {
      return RawRecord.rejected(location, "the file has no text");
    }
    // The heading stays in the text, so that offsets into the text are offsets into the file.
    return new RawRecord.Settled(
        new CorpusRecord.Document(
            location, new SourceDocument(id, title(text), text, Map.of()), false));
  }

  private String title(String text) {
    String name = id.substring(id.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    if (name.toLowerCase(Locale.ROOT).endsWith(".md")) {
      boolean code = false;
      for (String line : (Iterable<String>) text.lines()::iterator) {
        code ^= line.startsWith("```");
        String heading = code ? "" : heading(line);
        if (!heading.isEmpty()) {
          return heading;
        }
      }
    }
    return name.substring(0, dot);
  }

  /** The words of a Markdown heading without the signs around them; empty if it is none. */
  private static String heading(String line) {
    int level = 0;
    while (level < line.length() && line.charAt(level) == '#') {
      level++;
    }
    if (level < 1
        || level > 6
        || level == line.length()
        || !Character.isWhitespace(line.charAt(level))) {
      return "";
    }
    String words = line.substring(level).strip();
    int end = words.length();
    while (end > 0 && words.charAt(end - 1) == '#') {
      end--;
    }
    boolean closed = end == 0 || Character.isWhitespace(words.charAt(end - 1));
    return closed ? words.substring(0, end).strip() : words;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
